using System.Diagnostics;

namespace Vllm.Telemetry;

/// <summary>The user's own tags of a call, at most two, in order.</summary>
readonly record struct UserTags(string? Key1, string? Value1, string? Key2, string? Value2)
{
    internal const int MaxCount = 2;
    internal const int MaxLength = 64;

    internal int Count => Key1 is null ? 0 : Key2 is null ? 1 : 2;

    /// <summary>These tags and one more; a tag of the same key is replaced.</summary>
    /// <exception cref="ArgumentException">There would be three.</exception>
    internal UserTags With(string key, string value)
    {
        if (Key1 is null || Key1 == key) return this with { Key1 = key, Value1 = value };
        if (Key2 is null || Key2 == key) return this with { Key2 = key, Value2 = value };
        throw new ArgumentException($"A call has at most {MaxCount} tags, those of the client and of the request together; '{key}' is the third.");
    }

    internal void AddTo(ref TagList tags)
    {
        if (Key1 is not null) tags.Add(Key1, Value1);
        if (Key2 is not null) tags.Add(Key2, Value2);
    }

    /// <summary>What is wrong with a tag; null if nothing is.</summary>
    internal static string? Problem(string key, string? value)
    {
        if (string.IsNullOrWhiteSpace(key)) return "A tag needs a key.";
        if (IsOurs(key)) return $"The tag '{key}' has a key that the client uses itself. Choose another, such as 'tenant' or 'app.route'.";
        if (value is null) return $"The tag '{key}' has no value.";
        if (key.Length > MaxLength || value.Length > MaxLength) return $"The tag '{key}' is too long: key and value may have {MaxLength} characters each.";
        return null;
    }

    static bool IsOurs(string key) =>
        key.StartsWith("gen_ai.", StringComparison.Ordinal)
        || key.StartsWith("vllm.client.", StringComparison.Ordinal)
        || key is VllmTelemetry.Attributes.ServerAddress or VllmTelemetry.Attributes.ServerPort or VllmTelemetry.Attributes.ErrorType;
}
