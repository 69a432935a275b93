using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vllm.Wire;

/// <summary>What a request says of the form of its vectors, in the server's words; null leaves it to the server.</summary>
readonly record struct VectorFormat(string? Encoding, string? NumberType, string? ByteOrder)
{
    internal static VectorFormat Of(EmbeddingRequest request) => new(
        Name(request.EncodingFormat ?? VectorEncoding.Base64), Name(request.EmbedDType), Name(request.Endianness));

    internal static VectorFormat Of(PoolingRequest request) => new(Name(request.EncodingFormat), Name(request.EmbedDType), Name(request.Endianness));

    /// <summary>How bytes are to be read: what the request says, further members included.</summary>
    internal VectorBytes Bytes(JsonObject? extra) => VectorBytes.Of(Extra(extra, "embed_dtype") ?? NumberType, Extra(extra, "endianness") ?? ByteOrder);

    /// <summary>Whether base64 is asked for.</summary>
    internal bool IsBase64(JsonObject? extra) => (Extra(extra, "encoding_format") ?? Encoding) == "base64";

    internal void Write(BodyWriter body)
    {
        body.String("encoding_format", Encoding);
        body.String("embed_dtype", NumberType);
        body.String("endianness", ByteOrder);
    }

    static string? Extra(JsonObject? extra, string name) =>
        extra?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    static string? Name(VectorEncoding? encoding) => encoding switch
    {
        VectorEncoding.Base64 => "base64",
        VectorEncoding.Numbers => "float",
        VectorEncoding.Bytes => "bytes",
        _ => null,
    };

    static string? Name(VectorNumberType? type) => type switch
    {
        VectorNumberType.F32 => "float32",
        VectorNumberType.F16 => "float16",
        VectorNumberType.BF16 => "bfloat16",
        VectorNumberType.F8E4M3 => "fp8_e4m3",
        VectorNumberType.F8E5M2 => "fp8_e5m2",
        _ => null,
    };

    static string? Name(VectorByteOrder? order) => order switch
    {
        VectorByteOrder.Little => "little",
        VectorByteOrder.Big => "big",
        _ => null,
    };
}
