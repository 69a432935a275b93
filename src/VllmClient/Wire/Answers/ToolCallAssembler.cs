using System.Security.Cryptography;

namespace Vllm.Wire;

/// <summary>Puts the pieces of one choice's tool calls together. A server may leave out index or id, or repeat them.</summary>
sealed class ToolCallAssembler
{
    readonly List<OpenCall> _calls = [];
    readonly Dictionary<int, OpenCall> _byIndex = [];

    internal bool IsEmpty => _calls.Count == 0;

    internal void Add(ToolCallDelta piece)
    {
        var call = Find(piece);
        call.Id ??= NullIfEmpty(piece.Id);
        call.Name ??= NullIfEmpty(piece.Name);
        call.Arguments.Append(piece.Arguments);
    }

    internal IReadOnlyList<ToolCall> ToCalls() =>
        [.. _calls.Select(call => new ToolCall
        {
            Id = call.Id ??= "call_" + RandomNumberGenerator.GetHexString(16, lowercase: true),
            Name = call.Name ?? "",
            Arguments = call.Arguments.ToString(),
        })];

    internal void Dispose()
    {
        foreach (var call in _calls) call.Arguments.Dispose();
    }

    // Without an index a piece belongs to the last call, unless it names a function and that call already has a name.
    OpenCall Find(ToolCallDelta piece)
    {
        var found = piece.Index is { } index
            ? _byIndex.GetValueOrDefault(index)
            : _calls.Count > 0 && (NullIfEmpty(piece.Name) is null || Continues(_calls[^1], piece)) ? _calls[^1] : null;
        if (found is not null) return found;
        var opened = new OpenCall();
        _byIndex.TryAdd(piece.Index ?? _calls.Count, opened);
        _calls.Add(opened);
        return opened;
    }

    static bool Continues(OpenCall last, ToolCallDelta piece) => piece.Id is { Length: > 0 } id && last.Id == id;

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    sealed class OpenCall
    {
        internal string? Id { get; set; }

        internal string? Name { get; set; }

        internal TextBuffer Arguments { get; } = new();
    }
}
