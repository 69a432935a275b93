using System.Globalization;
using System.Text;

namespace Vllm.Tests.Recorded;

/// <summary>An answer as text, in the form of <c>tests/Recordings/expected/answers.txt</c>, which was written from the recordings by a reader that shares nothing with the client.</summary>
static class AnswerText
{
    internal static string Of(VllmStreamException failure)
    {
        var first = failure.Reason switch
        {
            VllmStreamFailure.Truncated => "truncated",
            VllmStreamFailure.Aborted => "aborted",
            VllmStreamFailure.ServerError => $"error {Quote(failure.ServerMessage)} code {failure.Code}",
            _ => failure.Reason.ToString(),
        };
        return failure.PartialResult switch
        {
            ChatResult chat => first + "\n" + Of(chat),
            CompletionResult completion => first + "\n" + Of(completion),
            _ => first,
        };
    }

    internal static string Of(ChatResult result)
    {
        var text = new StringBuilder();
        Head(text, result.Id, result.Model, result.Created, result.SystemFingerprint, result.Usage, result.ServerTiming);
        if (result.PromptTokenIds is { } ids) text.Append("prompt token ids ").Append(Ids(ids)).Append('\n');
        if (result.PromptLogprobs is { } prompt) text.Append("prompt logprobs ").Append(Prompt(prompt)).Append('\n');
        foreach (var choice in result.Choices)
        {
            Choice(text, choice.Index, choice.FinishReason, choice.StopReason, choice.Message.Content);
            text.Append("  reasoning ").Append(Quote(choice.Message.Reasoning)).Append('\n');
            foreach (var call in choice.Message.ToolCalls) text.Append(CultureInfo.InvariantCulture, $"  tool {call.Id} {call.Name} {Quote(call.Arguments)}\n");
            Tokens(text, choice.TokenIds, null, choice.Logprobs, null);
        }

        return text.ToString().TrimEnd('\n');
    }

    internal static string Of(CompletionResult result)
    {
        var text = new StringBuilder();
        Head(text, result.Id, result.Model, result.Created, result.SystemFingerprint, result.Usage, result.ServerTiming);
        foreach (var choice in result.Choices)
        {
            Choice(text, choice.Index, choice.FinishReason, choice.StopReason, choice.Text);
            Tokens(text, choice.TokenIds, choice.PromptTokenIds, choice.Logprobs, choice.PromptLogprobs);
        }

        return text.ToString().TrimEnd('\n');
    }

    static void Head(StringBuilder text, string id, string model, DateTimeOffset? created, string? fingerprint, Usage? usage, ServerTiming? timing)
    {
        text.Append(CultureInfo.InvariantCulture, $"id {id}, model {model}, created {created?.ToUnixTimeSeconds()}, fingerprint {fingerprint ?? "-"}\nusage {Counts(usage)}\n");
        if (timing is not null)
            text.Append(CultureInfo.InvariantCulture, $"timing ttft {timing.TimeToFirstToken?.Ticks} ticks, generation {timing.GenerationTime?.Ticks} ticks, queue {timing.QueueTime?.Ticks} ticks, itl {timing.MeanInterTokenLatency?.Ticks} ticks, rate {Number(timing.TokensPerSecond)}\n");
    }

    static void Choice(StringBuilder text, int index, FinishReason? finish, StopReason? stop, string? content)
    {
        var reason = stop switch
        {
            { Text: { } word } => Quote(word),
            { TokenId: { } token } => token.ToString(CultureInfo.InvariantCulture),
            _ => "null",
        };
        text.Append(CultureInfo.InvariantCulture, $"choice {index}: finish {finish?.Value ?? "-"}, stop {reason}\n  text {Quote(content)}\n");
    }

    static void Tokens(StringBuilder text, IReadOnlyList<int>? ids, IReadOnlyList<int>? promptIds, IReadOnlyList<TokenLogprob>? logprobs, IReadOnlyList<IReadOnlyList<PromptLogprob>?>? prompt)
    {
        if (ids is not null) text.Append("  token ids ").Append(Ids(ids)).Append('\n');
        if (promptIds is not null) text.Append("  prompt token ids ").Append(Ids(promptIds)).Append('\n');
        if (logprobs is not null) text.Append(CultureInfo.InvariantCulture, $"  logprobs {logprobs.Count}, first {Token(logprobs[0])}, last {Token(logprobs[^1])}\n");
        if (prompt is not null) text.Append("  prompt logprobs ").Append(Prompt(prompt)).Append('\n');
    }

    static string Counts(Usage? usage) => usage is null
        ? "none"
        : $"prompt {usage.PromptTokens}, completion {Or(usage.CompletionTokens)}, total {usage.TotalTokens}, cached {Or(usage.CachedTokens)}, created {Or(usage.CreatedCacheTokens)}, reasoning {Or(usage.ReasoningTokens)}, multimodal {Or(usage.MultimodalTokens)}";

    static string Or(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    static string Ids(IReadOnlyList<int> ids) => $"{ids.Count}: {string.Join(' ', ids.Take(8))}{(ids.Count > 8 ? " …" : "")}";

    static string Token(TokenLogprob token) =>
        $"{Quote(token.Token)} {Number(token.Logprob)} bytes {(token.Bytes is null ? "-" : string.Join('.', token.Bytes))} at {Or(token.TextOffset)} of [{string.Join(", ", token.TopLogprobs.Select(one => $"{Quote(one.Token)} {Number(one.Logprob)}"))}]";

    static string Prompt(IReadOnlyList<IReadOnlyList<PromptLogprob>?> prompt) => $"{prompt.Count}: {Candidates(prompt[0])} {Candidates(prompt[1])} … {Candidates(prompt[^1])}";

    static string Candidates(IReadOnlyList<PromptLogprob>? candidates) => candidates is null
        ? "null"
        : $"{{{string.Join(", ", candidates.Select(one => $"{one.TokenId} {Number(one.Logprob)} #{one.Rank} {Quote(one.DecodedToken)}"))}}}";

    static string Number(double? value)
    {
        if (value is not { } number) return "null";
        var text = number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    static string Quote(string? value)
    {
        if (value is null) return "null";
        var text = new StringBuilder("\"");
        foreach (var letter in value)
        {
            text.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or > '~' => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
