namespace Vllm.Telemetry;

/// <summary>What is known of a call when it begins.</summary>
/// <param name="Operation">Value of <c>gen_ai.operation.name</c>.</param>
/// <param name="Model">The model of the request, else the client's default; null if neither names one.</param>
/// <param name="IsStream">Whether the answer is streamed.</param>
/// <param name="Request">The request, for the attributes of the span; null if the operation does not generate.</param>
/// <param name="Tags">Tags of this call; null for none.</param>
/// <param name="IsAdapter">Whether the call came through an adapter of another library's interface.</param>
readonly record struct CallStart(
    string Operation,
    string? Model,
    bool IsStream,
    GenerationRequest? Request,
    IReadOnlyDictionary<string, string>? Tags,
    bool IsAdapter = false);
