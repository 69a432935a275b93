namespace Vllm;

/// <summary>An error as the server words it, whatever shape it came in.</summary>
/// <param name="Message">The message; null if there is none.</param>
/// <param name="Type">The type, such as <c>BadRequestError</c>.</param>
/// <param name="Param">The request member at fault.</param>
/// <param name="Code">The code as text; servers send numbers and strings.</param>
/// <param name="IsObject">Whether it came as an error object, as vLLM's own errors do.</param>
sealed record ServerError(string? Message, string? Type, string? Param, string? Code, bool IsObject);
