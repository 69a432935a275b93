using System.Globalization;
using System.Text.Json;

namespace Vllm.Simulator.Wire;

/// <summary>The ranges vLLM checks, in its words.</summary>
static class RangeCheck
{
    const int MaxChoices = 128;

    public static void Check(GenerationRequest request, JsonElement root)
    {
        AtLeastOne("max_tokens", request.MaxTokens);
        AtLeastOne("n", request.Choices);
        NotNegative(root, "temperature", "must be non-negative");
        Between(root, "top_p", "must be in (0, 1]", static value => value is > 0 and <= 1);
        Between(root, "min_p", "must be in [0, 1]", static value => value is >= 0 and <= 1);
        Between(root, "top_k", "must be 0 (disable), or at least 1", static value => value >= -1);
        Between(root, "presence_penalty", "must be in [-2, 2]", static value => value is >= -2 and <= 2);
        Between(root, "frequency_penalty", "must be in [-2, 2]", static value => value is >= -2 and <= 2);
        Between(root, "repetition_penalty", "must be greater than zero", static value => value > 0);
        if (request.MinTokens < 0)
        {
            throw Refuse("min_tokens", "must be greater than or equal to 0", request.MinTokens.ToString(CultureInfo.InvariantCulture));
        }

        if (request.MaxTokens is { } maximum && request.MinTokens > maximum)
        {
            var words = string.Create(CultureInfo.InvariantCulture, $"must be less than or equal to max_tokens={maximum}");
            throw Refuse("min_tokens", words, request.MinTokens.ToString(CultureInfo.InvariantCulture));
        }

        if (request.Choices > MaxChoices)
        {
            throw new RefusedException(ApiError.Limit("n is at most 128."));
        }
    }

    static void AtLeastOne(string field, int? value)
    {
        if (value < 1)
        {
            throw Refuse(field, "must be at least 1", value.Value.ToString(CultureInfo.InvariantCulture));
        }
    }

    static void NotNegative(JsonElement root, string field, string rule) => Between(root, field, rule, static value => value >= 0);

    static void Between(JsonElement root, string field, string rule, Func<double, bool> allowed)
    {
        if (!root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw new RefusedException(ApiError.WrongType(field, "float_type", "number", RequestReader.Describe(value)));
        }

        var number = value.GetDouble();
        if (!allowed(number))
        {
            throw Refuse(field, rule, Python(number));
        }
    }

    /// <summary>A float as Python prints it.</summary>
    static string Python(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E', 'n') ? text.Replace('E', 'e') : text + ".0";
    }

    static RefusedException Refuse(string field, string rule, string value) => new(ApiError.Range(field, rule, value));
}
