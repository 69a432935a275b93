using Vllm.Testing;

namespace Vllm.Tests.Completions;

/// <summary>Recorded completions of a real vLLM 0.32.0; expected values are read off the recordings.</summary>
public class RecordedCompletionTests
{
    [Fact]
    public async Task Basic()
    {
        await using var server = ReplayServer.Of("completion-basic");
        using var client = server.Client();

        var result = await client.CompleteAsync(new() { Model = "tiny", Prompt = "Once", MaxTokens = 8 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("cmpl-8f44eea8c63706c8");
        result.Model.ShouldBe("tiny");
        result.Created.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795492930));
        result.Text.ShouldBe("STATE largemaphoU Empty NeDevice trailing");
        result.FinishReason.ShouldBe(FinishReason.Length);
        result.Choices.ShouldHaveSingleItem().StopReason.ShouldBeNull();
        result.Usage.ShouldBe(new Usage { PromptTokens = 2, CompletionTokens = 8, TotalTokens = 10, CachedTokens = 0 });
        result.SystemFingerprint.ShouldBe("vllm-0.32.0-60e22718");
        server.Request.Path.ShouldBe("/v1/completions");
        server.Request.Text.ShouldBe("""{"model":"tiny","prompt":"Once","max_tokens":8}""");
    }

    [Fact]
    public async Task The_classic_scripts_request()
    {
        await using var server = ReplayServer.Of("completion-seed-script");
        using var client = server.Client();

        var result = await client.CompleteAsync(new() { Prompt = "介绍一下广义相对论", MaxTokens = 64 }, cancellationToken: TestContext.Current.CancellationToken);

        result.Id.ShouldBe("cmpl-bf28cf4d0282cf1d");
        result.Text.ShouldStartWith(" [] RuntimeError she{}quiredspeading pairsStop & plist readinto");
        result.Text.ShouldEndWith("dataclassesgedVARVAR regression rawdata rawdata");
        result.Usage.ShouldBe(new Usage { PromptTokens = 27, CompletionTokens = 64, TotalTokens = 91, CachedTokens = 0 });
        server.Request.Json["prompt"]!.GetValue<string>().ShouldBe("介绍一下广义相对论");
        server.Request.Json.ContainsKey("model").ShouldBeFalse();
    }

    [Fact]
    public async Task Two_prompts_times_two_samples()
    {
        await using var server = ReplayServer.Of("completion-batch-n2");
        using var client = server.Client();

        var result = await client.CompleteAsync(
            new() { Model = "tiny", Prompt = CompletionPrompt.FromTexts("Once", "Twice"), MaxTokens = 3, N = 2 },
            cancellationToken: TestContext.Current.CancellationToken);

        result.Choices.Select(choice => choice.Index).ShouldBe([0, 1, 2, 3]);
        result.Choices.Select(choice => choice.Text).ShouldBe(["lastContextSource", "?? fdstreadline", " \"_ ?pro", " ositemress"]);
        result.Choices.ShouldAllBe(choice => choice.FinishReason == FinishReason.Length);
        result.Usage.ShouldBe(new Usage { PromptTokens = 5, CompletionTokens = 12, TotalTokens = 17, CachedTokens = 0 });
        server.Request.Text.ShouldBe("""{"model":"tiny","prompt":["Once","Twice"],"max_tokens":3,"n":2}""");
    }

    [Fact]
    public async Task Token_ids_are_a_prompt_too()
    {
        await using var server = ReplayServer.Of("completion-token-prompt");
        using var client = server.Client();

        var result = await client.CompleteAsync(new() { Prompt = CompletionPrompt.FromTokenIds(3737, 305) }, cancellationToken: TestContext.Current.CancellationToken);

        result.Text.ShouldNotBeEmpty();
        server.Request.Json["prompt"]!.ToJsonString().ShouldBe("[3737,305]");
    }

    [Fact]
    public async Task Streamed_with_usage()
    {
        await using var server = ReplayServer.Of("completion-stream-usage");
        using var client = server.Client();

        var updates = await client.CompleteStreamAsync(new() { Model = "tiny", Prompt = "Once", MaxTokens = 6 }, cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        updates.ShouldAllBe(update => update.ResponseId == "cmpl-8bf837560e057d3f" && update.Model == "tiny" && update.Index == 0);
        updates.Where(update => update.IsContent).Select(update => update.Text).ShouldBe(["\uFFFD\uFFFD pub", " stripped", "tkinter", "ste"]);
        updates.Single(update => update.FinishReason is not null).FinishReason.ShouldBe(FinishReason.Length);
        updates.Single(update => update.Usage is not null).Usage.ShouldBe(new Usage { PromptTokens = 2, CompletionTokens = 6, TotalTokens = 8, CachedTokens = 0 });
        updates[^1].SystemFingerprint.ShouldBe("vllm-0.32.0-60e22718");
        updates[^1].Info!.StatusCode.ShouldBe(200);
        updates.Select(update => update.Info).Distinct().ShouldHaveSingleItem();
        server.Request.Json["stream"]!.GetValue<bool>().ShouldBeTrue();
        server.Request.Json["stream_options"]!["include_usage"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Streamed_log_probabilities_and_token_ids()
    {
        await using var server = ReplayServer.Of("completion-stream-logprobs-ids");
        using var client = server.Client();

        var updates = await client.CompleteStreamAsync(new() { Prompt = "Once", MaxTokens = 3, Logprobs = 1, ReturnTokenIds = true }, cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        var content = updates.Where(update => update.IsContent).ToList();
        content.Select(update => update.Text).ShouldBe(["ror", " inference", "END"]);
        content.Select(update => update.TokenIds!.Single()).ShouldBe([354, 6058, 3237]);
        content[0].PromptTokenIds.ShouldBe([3737, 305]);
        content.Skip(1).ShouldAllBe(update => update.PromptTokenIds == null);
        content[0].Logprobs!.Single().Logprob.ShouldBe(-7.962490558624268);
        content[1].Logprobs!.Single().TextOffset.ShouldBe(3);
        content[2].Logprobs!.Single().TopLogprobs.Single(token => token.Token == "utex").Logprob.ShouldBe(-7.964385986328125);
        content[2].FinishReason.ShouldBe(FinishReason.Length);
        server.Request.Json["logprobs"]!.GetValue<int>().ShouldBe(1);
        server.Request.Json["return_token_ids"]!.GetValue<bool>().ShouldBeTrue();
    }
}
