using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vllm.Tests;

/// <summary>What several rooms' tests expect in the same words.</summary>
static class Expectations
{
    /// <summary>Equal to the server's milliseconds as far as ticks can tell.</summary>
    internal static void ShouldBeMilliseconds(this TimeSpan? actual, double milliseconds) =>
        actual.ShouldNotBeNull().ShouldBe(TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)), TimeSpan.FromTicks(1));

    /// <summary>A long text, told by its length and its SHA-256.</summary>
    internal static void ShouldHash(this string? actual, int length, string sha256)
    {
        actual.ShouldNotBeNull().Length.ShouldBe(length);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(actual))).ShouldBe(sha256);
    }

    internal static string TextOf(this IEnumerable<ChatUpdate> updates, int choice = 0) =>
        string.Concat(updates.Where(update => update.Index == choice).Select(update => update.Text));

    internal static string ReasoningOf(this IEnumerable<ChatUpdate> updates, int choice = 0) =>
        string.Concat(updates.Where(update => update.Index == choice).Select(update => update.Reasoning));

    internal static string[] TextPieces(this IEnumerable<ChatUpdate> updates, int choice = 0) =>
        [.. updates.Where(update => update.Index == choice && !string.IsNullOrEmpty(update.Text)).Select(update => update.Text!)];

    internal static string TextOf(this IEnumerable<CompletionUpdate> updates, int choice = 0) =>
        string.Concat(updates.Where(update => update.Index == choice).Select(update => update.Text));

    /// <summary>Every token, its candidates too.</summary>
    internal static string? Describe(this IReadOnlyList<TokenLogprob>? logprobs) => logprobs is null
        ? null
        : string.Join(';', logprobs.Select(token =>
            string.Create(CultureInfo.InvariantCulture, $"{token.Token}={token.Logprob:R}@{token.TextOffset}[{string.Join(',', token.Bytes ?? [])}]({token.TopLogprobs.Describe()})")));

    /// <summary>Everything an update says that does not depend on when its bytes arrived.</summary>
    internal static string Describe(this ChatUpdate update) => string.Join(
        " | ",
        update.ResponseId,
        update.Model,
        update.Created,
        update.Index,
        update.Role,
        update.Text,
        update.Reasoning,
        update.TextBytes,
        update.IsContent,
        string.Join(';', update.ToolCalls),
        update.FinishReason,
        update.StopReason,
        update.Usage,
        update.ServerTiming,
        update.SystemFingerprint,
        update.TokenIds is null ? null : string.Join(',', update.TokenIds),
        update.PromptTokenIds is null ? null : string.Join(',', update.PromptTokenIds),
        update.Logprobs.Describe());

    internal static string Describe(this CompletionUpdate update) => string.Join(
        " | ",
        update.ResponseId,
        update.Model,
        update.Created,
        update.Index,
        update.Text,
        update.TextBytes,
        update.IsContent,
        update.FinishReason,
        update.StopReason,
        update.Usage,
        update.SystemFingerprint,
        update.TokenIds is null ? null : string.Join(',', update.TokenIds),
        update.PromptTokenIds is null ? null : string.Join(',', update.PromptTokenIds),
        update.Logprobs.Describe());
}
