using System.Net;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vllm.Testing;

namespace Vllm.Tests.Chat;

/// <summary>Answers in a type, and conversations that go on.</summary>
public partial class TypedChatTests
{
    [Fact]
    public async Task The_schema_of_the_type_is_sent_and_its_value_read()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer("""{"Name":"Ada","Age":36,"Tags":["a"]}"""));
        using var client = handler.Client();

        var answer = await client.ChatAsync("Who?", PersonTypes.Default.Person, cancellationToken: TestContext.Current.CancellationToken);

        answer.Value.Name.ShouldBe("Ada");
        answer.Value.Age.ShouldBe(36);
        answer.TryGetValue(out var value).ShouldBeTrue();
        value.ShouldBe(answer.Value);
        answer.Result.FinishReason.ShouldBe(FinishReason.Stop);
        JsonNode.DeepEquals(handler.Request.Json["response_format"], JsonNode.Parse("""
            {"type":"json_schema","json_schema":{"name":"Person","schema":{"type":"object",
             "properties":{"Name":{"type":"string"},"Age":{"type":"integer"},"Tags":{"type":"array","items":{"type":"string"}}},
             "required":["Name","Age","Tags"],"additionalProperties":false}}}
            """)).ShouldBeTrue(handler.Request.Text);
    }

    [Theory]
    [InlineData("{\"Name\":\"A", "length", VllmOutputFailure.Length, "MaxTokens")]
    [InlineData("", "length", VllmOutputFailure.Length, "MaxTokens")]
    [InlineData("", "stop", VllmOutputFailure.Empty, "no text")]
    [InlineData("null", "stop", VllmOutputFailure.Empty, "no text")]
    [InlineData("I am a poet.", "stop", VllmOutputFailure.InvalidJson, "not JSON of Person")]
    [InlineData("""{"Name":7,"Age":1,"Tags":[]}""", "stop", VllmOutputFailure.InvalidJson, "not JSON of Person")]
    [InlineData("""{"Name":"A"}""", "stop", VllmOutputFailure.InvalidJson, "not JSON of Person")]
    public async Task An_answer_that_is_no_value_says_why_when_the_value_is_taken(string text, string finish, VllmOutputFailure reason, string words)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, SseText.ChatAnswer(text, finish)).Client();

        var answer = await client.ChatAsync("Who?", PersonTypes.Default.Person, cancellationToken: TestContext.Current.CancellationToken);

        answer.TryGetValue(out _).ShouldBeFalse();
        var failure = Should.Throw<VllmOutputException>(() => answer.Value);
        failure.Reason.ShouldBe(reason);
        failure.Message.ShouldContain(words);
        failure.PartialText.ShouldBe(text);
        failure.RequestId.ShouldBe(answer.Result.Info.RequestId);
        if (text.Length > 6) failure.ToString().ShouldNotContain(text);
    }

    [Fact]
    public async Task A_refusal_is_told_from_an_empty_answer()
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I must not."},"finish_reason":"stop"}]}""").Client();

        var answer = await client.ChatAsync("Who?", PersonTypes.Default.Person, cancellationToken: TestContext.Current.CancellationToken);

        Should.Throw<VllmOutputException>(() => answer.Value).Reason.ShouldBe(VllmOutputFailure.Refused);
        answer.Result.Message!.Refusal.ShouldBe("I must not.");
    }

    [Fact]
    public async Task The_recorded_JSON_that_the_limit_cut_is_a_length_failure()
    {
        await using var server = ReplayServer.Of("chat-json-schema");
        using var client = server.Client();

        var answer = await client.ChatAsync("Who?", PersonTypes.Default.Person, cancellationToken: TestContext.Current.CancellationToken);

        Should.Throw<VllmOutputException>(() => answer.Value).Reason.ShouldBe(VllmOutputFailure.Length);
    }

    [Fact]
    public async Task A_format_of_the_requests_own_is_refused()
    {
        using var client = new ScriptedHandler().Client();

        var failure = await Should.ThrowAsync<ArgumentException>(() => client.ChatAsync(new() { Messages = ["Hi"], ResponseFormat = ResponseFormat.JsonObject }, PersonTypes.Default.Person));

        failure.Message.ShouldContain("ResponseFormat");
    }

    [Fact]
    public async Task A_conversation_goes_on_with_reasoning_and_tool_calls()
    {
        await using var server = ReplayServer.Of("chat-reasoning-then-content", "chat-basic");
        using var client = server.Client();
        ChatRequest request = "Why?";
        var result = await client.ChatAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        await client.ChatAsync(request.Continue(result, "And then?"), cancellationToken: TestContext.Current.CancellationToken);

        var messages = server.Requests[1].Json["messages"]!.AsArray();
        messages.Count.ShouldBe(3);
        messages[1]!["role"]!.GetValue<string>().ShouldBe("assistant");
        messages[1]!["content"]!.GetValue<string>().ShouldBe(result.Text);
        messages[1]!["reasoning"]!.GetValue<string>().ShouldBe("(\" designPyHASHcd ),sed\",\"al clean prog");
        messages[2]!["content"]!.GetValue<string>().ShouldBe("And then?");
        request.Messages.Count.ShouldBe(1);
    }

    public sealed record Person
    {
        public required string Name { get; init; }

        public required int Age { get; init; }

        public required IReadOnlyList<string> Tags { get; init; }
    }

    [JsonSerializable(typeof(Person))]
    public sealed partial class PersonTypes : JsonSerializerContext;
}
