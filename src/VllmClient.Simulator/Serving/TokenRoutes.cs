using System.Text;
using System.Text.Json;
using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>Bodies of <c>/tokenize</c> and <c>/detokenize</c>.</summary>
static class TokenRoutes
{
    public static byte[] Tokenize(JsonElement request, SimulatorOptions options)
    {
        var tokens = Tokens(request, options);
        var body = new ByteBuffer(256).Append("{\"count\":"u8).Append(tokens.Count)
            .Append(",\"max_model_len\":"u8).Append(options.MaxModelLen).Append(",\"tokens\":["u8);
        for (var i = 0; i < tokens.Count; i++)
        {
            body.Append(i > 0 ? ","u8 : ""u8).Append(tokens[i]);
        }

        body.Append("],\"token_strs\":"u8);
        if (!request.TryGetProperty("return_token_strs", out var wanted) || wanted.ValueKind != JsonValueKind.True)
        {
            return body.Append("null}"u8).Written.ToArray();
        }

        body.Append("["u8);
        for (var i = 0; i < tokens.Count; i++)
        {
            body.Append(i > 0 ? ","u8 : ""u8).AppendString(Encoding.UTF8.GetString(Vocabulary.Text(tokens[i])));
        }

        return body.Append("]}"u8).Written.ToArray();
    }

    public static byte[] Detokenize(JsonElement request, SimulatorOptions options)
    {
        if (!request.TryGetProperty("tokens", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new RefusedException(ApiError.Missing("tokens", request.GetPropertyCount()));
        }

        var tokens = new List<int>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            tokens.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var token) && token is >= 0 and < Vocabulary.Size
                ? token
                : throw new RefusedException(ApiError.WrongType("tokens", "int_type", "integer", RequestReader.Describe(item))));
        }

        return new ByteBuffer().Append("{\"prompt\":"u8).AppendString(Vocabulary.Detokenize(tokens)).Append("}"u8).Written.ToArray();
    }

    static List<int> Tokens(JsonElement request, SimulatorOptions options)
    {
        if (request.TryGetProperty("messages", out _))
        {
            return new FieldReader(request, options.Model).ChatPrompt().Tokens;
        }

        return request.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String
            ? Vocabulary.Tokenize(prompt.GetString()!)
            : throw new RefusedException(ApiError.Missing("prompt", request.GetPropertyCount()));
    }
}
