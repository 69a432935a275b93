using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Vllm.Testing;

/// <summary>How a recorded exchange ended.</summary>
public enum RecordingEnd
{
    Complete,
    ClosedEarly,
    Closed,
    CutByClient,
}

/// <summary>One read of a recorded exchange: when it returned and how many bytes it brought.</summary>
public readonly record struct RecordedRead(TimeSpan At, int Bytes);

/// <summary>One recorded exchange with a real vLLM, as its bytes.</summary>
public sealed class Recording
{
    static readonly Lazy<Dictionary<string, string>> Ends = new(LoadEnds);

    Recording(string name, byte[] request, byte[] response, IReadOnlyList<RecordedRead> reads, RecordingEnd end)
    {
        Name = name;
        Request = request;
        Response = response;
        Reads = reads;
        End = end;
        (Head, Body) = HttpBytes.SplitMessage(response);
        RequestBody = HttpBytes.SplitMessage(request).Body;
    }

    public string Name { get; }

    /// <summary>The bytes sent, head and body.</summary>
    public byte[] Request { get; }

    public byte[] RequestBody { get; }

    /// <summary>The bytes received, chunked framing included.</summary>
    public byte[] Response { get; }

    public IReadOnlyList<RecordedRead> Reads { get; }

    public RecordingEnd End { get; }

    /// <summary>Status line and headers of the response; empty if no byte came.</summary>
    public string Head { get; }

    /// <summary>Body of the response with the chunked framing undone.</summary>
    public byte[] Body { get; }

    public static string Folder => RepositoryFiles.Path("tests", "Recordings", "wire");

    public static IReadOnlyCollection<string> Names => Ends.Value.Keys;

    public static Recording Load(string name)
    {
        var folder = Path.Combine(Folder, name);
        return new(
            name,
            File.ReadAllBytes(Path.Combine(folder, "request.http")),
            File.ReadAllBytes(Path.Combine(folder, "response.http")),
            [.. File.ReadLines(Path.Combine(folder, "reads.csv")).Skip(1).Where(line => line.Length > 0).Select(ParseRead)],
            ParseEnd(Ends.Value[name]));
    }

    /// <summary>The response as slices, one per recorded read.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Slices()
    {
        var offset = 0;
        foreach (var read in Reads)
        {
            yield return Response.AsMemory(offset, read.Bytes);
            offset += read.Bytes;
        }
    }

    /// <summary>The response for an in-memory handler, with the given stream as its body.</summary>
    public HttpResponseMessage ToResponse(Stream body)
    {
        var lines = Head.Split("\r\n");
        var response = new HttpResponseMessage((HttpStatusCode)int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture))
        {
            Content = new StreamContent(body),
        };
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.StartsWith("transfer-encoding", StringComparison.OrdinalIgnoreCase)) continue;
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    public HttpResponseMessage ToResponse() => ToResponse(new MemoryStream(Body, writable: false));

    public override string ToString() => Name;

    static RecordedRead ParseRead(string line)
    {
        var fields = line.Split(',');
        return new(
            TimeSpan.FromMicroseconds(long.Parse(fields[0], CultureInfo.InvariantCulture)),
            int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    static RecordingEnd ParseEnd(string end) => end switch
    {
        "complete" => RecordingEnd.Complete,
        "closed early" => RecordingEnd.ClosedEarly,
        "closed" => RecordingEnd.Closed,
        "cut by the client" => RecordingEnd.CutByClient,
        _ => throw new FormatException($"'{end}' is no known end of a recording."),
    };

    static Dictionary<string, string> LoadEnds()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "index.json"), Encoding.UTF8));
        return index.RootElement.EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item => item.GetProperty("end").GetString()!);
    }
}
