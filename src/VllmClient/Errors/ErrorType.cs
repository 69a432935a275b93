namespace Vllm;

/// <summary>The server's word for the kind of an error. An open set: a word this version does not know is kept as it came.</summary>
public readonly record struct ErrorType
{
    /// <summary>Creates a value of any word.</summary>
    /// <param name="value">The server's word.</param>
    public ErrorType(string value) => Value = value;

    /// <summary>The server's word. Null only for <c>default</c>.</summary>
    public string Value { get; }

    /// <summary>A value of the request is out of range or cannot be served.</summary>
    public static ErrorType BadRequest { get; } = new("BadRequestError");

    /// <summary>A field of the request is missing or has the wrong type.</summary>
    public static ErrorType Validation { get; } = new("Bad Request");

    /// <summary>The model, adapter or answer is not known.</summary>
    public static ErrorType NotFound { get; } = new("NotFoundError");

    /// <summary>The route exists but is switched off.</summary>
    public static ErrorType PermissionDenied { get; } = new("PermissionDeniedError");

    /// <summary>The engine failed.</summary>
    public static ErrorType InternalServer { get; } = new("InternalServerError");

    /// <summary>The server's queue is full.</summary>
    public static ErrorType ServiceUnavailable { get; } = new("Service Unavailable");

    /// <summary>Returns the server's word.</summary>
    public override string ToString() => Value ?? "";
}
