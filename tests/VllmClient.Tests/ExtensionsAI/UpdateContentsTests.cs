using System.Text;
using Microsoft.Extensions.AI;
using Vllm.Testing;

namespace Vllm.Tests.ExtensionsAI;

/// <summary>The contents of an update are a list like any other.</summary>
public class UpdateContentsTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_one_reads_like_a_list()
    {
        var contents = await ContentsAsync();

        contents.Count.ShouldBe(1);
        contents.IsReadOnly.ShouldBeFalse();
        contents[0].ShouldBeOfType<TextContent>().Text.ShouldBe("a");
        contents.Single().ShouldBeSameAs(contents[0]);
        ((System.Collections.IEnumerable)contents).Cast<object>().Count().ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => contents[1]);
        contents.IndexOf(contents[0]).ShouldBe(0);
        contents.Contains(new TextContent("a")).ShouldBeFalse();
        var copy = new AIContent[2];
        contents.CopyTo(copy, 1);
        copy[1].ShouldBeSameAs(contents[0]);
    }

    [Fact]
    public async Task A_list_of_one_changes_like_a_list()
    {
        var contents = await ContentsAsync();
        var (first, b, c) = (contents[0], new TextContent("b"), new TextContent("c"));

        contents.Add(b);
        contents.Insert(0, c);
        contents.ShouldBe([c, first, b]);
        contents.Remove(first).ShouldBeTrue();
        contents[0] = first;
        contents.ShouldBe([first, b]);
        contents.RemoveAt(1);
        contents.Count.ShouldBe(1);
        contents.Clear();
        contents.ShouldBeEmpty();
    }

    static async Task<IList<AIContent>> ContentsAsync()
    {
        using var client = new ScriptedHandler().Streams(() => new MemoryStream(Encoding.UTF8.GetBytes(SseText.Text("a") + SseText.Finish() + SseText.Done))).Client();
        return (await client.AsIChatClient().GetStreamingResponseAsync("Hello", cancellationToken: Token).ToListAsync(Token))[0].Contents;
    }
}
