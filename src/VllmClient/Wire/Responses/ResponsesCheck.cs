namespace Vllm.Wire;

/// <summary>Finds what a server would ignore or misreport in a request to the Responses API.</summary>
static class ResponsesCheck
{
    /// <exception cref="ArgumentException">The request cannot be sent as it is; the message names the property.</exception>
    internal static void Check(ResponsesRequest request)
    {
        if (request.Model is not null && string.IsNullOrWhiteSpace(request.Model))
            throw RequestCheck.Bad("Model is blank. Leave it null to take the default model.");
        RequestCheck.Finite(nameof(request.Temperature), request.Temperature);
        RequestCheck.Finite(nameof(request.TopP), request.TopP);
        RequestCheck.Finite(nameof(request.MinP), request.MinP);
        RequestCheck.Finite(nameof(request.FrequencyPenalty), request.FrequencyPenalty);
        RequestCheck.Finite(nameof(request.PresencePenalty), request.PresencePenalty);
        RequestCheck.Finite(nameof(request.RepetitionPenalty), request.RepetitionPenalty);
        foreach (var (token, bias) in request.LogitBias ?? new Dictionary<string, double>()) RequestCheck.Finite($"LogitBias[{token}]", bias);
        if (request is { TextFormat: not null, StructuredOutput: not null })
            throw RequestCheck.Bad("TextFormat and StructuredOutput both constrain the output. Set one of them.");
        if (request.ToolChoice is { } choice && !(request.ExtraBody?.ContainsKey("tools") ?? false)) RequestCheck.Choice(choice, request.Tools);
        if (request.ExtraBody is { } extra) RequestCheck.ExtraBody(extra);
        Input(request.Input);
    }

    static void Input(ResponsesInput? input)
    {
        if (input is null) throw RequestCheck.Bad("Input is null. Set the text or the items to answer.");
        if (input.Text is not null) return;
        if (input.Items.Count == 0) throw RequestCheck.Bad("Input is empty. A response needs at least one item to answer.");
        for (var i = 0; i < input.Items.Count; i++)
            if (input.Items[i] is null) throw RequestCheck.Bad($"Input[{i}] is null.");
    }
}
