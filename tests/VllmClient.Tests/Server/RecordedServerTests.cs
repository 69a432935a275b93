using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vllm.Testing;

namespace Vllm.Tests.Server;

/// <summary>The recorded exchanges with the server itself.</summary>
public class RecordedServerTests
{
    [Theory]
    [InlineData("load-idle", 0)]
    [InlineData("load-busy", 42)]
    public async Task Load(string recording, int expected)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client();

        var load = await client.Server.GetLoadAsync(cancellationToken: TestContext.Current.CancellationToken);

        load.ShouldBe(expected);
        server.Request.ShouldBeLike(recording);
    }

    [Theory]
    [InlineData("error-path-404")]
    [InlineData("error-method-405")]
    public async Task The_load_of_a_server_that_does_not_tell_it_is_unknown(string recording)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client();

        (await client.Server.GetLoadAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Loading_an_adapter()
    {
        await using var server = ReplayServer.Of("lora-load");
        using var client = server.Client(options => options.ApiKey = "k1");

        await client.Server.LoadLoraAsync("ad1", "./lora", cancellationToken: TestContext.Current.CancellationToken);

        server.Request.ShouldBeLike("lora-load");
        server.Request.Headers["Authorization"].ShouldBe("Bearer k1");
    }

    [Fact]
    public async Task Loading_an_adapter_in_place_says_so()
    {
        await using var server = ReplayServer.Of("lora-load");
        using var client = server.Client();

        await client.Server.LoadLoraAsync("ad1", "./lora", loadInPlace: true, cancellationToken: TestContext.Current.CancellationToken);

        server.Request.ShouldBeLike("lora-load", members: ("load_inplace", true));
    }

    [Fact]
    public async Task Loading_an_adapter_twice()
    {
        await using var server = ReplayServer.Of("lora-load-again");
        using var client = server.Client();

        var failure = await Should.ThrowAsync<VllmValidationException>(() => client.Server.LoadLoraAsync("ad1", "./lora", cancellationToken: TestContext.Current.CancellationToken));

        failure.ErrorType.ToString().ShouldBe("InvalidUserInput");
        failure.Code.ShouldBe("400");
        failure.Message.ShouldContain("The lora adapter 'ad1' has already been loaded.");
    }

    [Fact]
    public async Task Unloading_an_adapter()
    {
        await using var server = ReplayServer.Of("lora-unload");
        using var client = server.Client();

        await client.Server.UnloadLoraAsync("ad1", cancellationToken: TestContext.Current.CancellationToken);

        server.Request.ShouldBeLike("lora-unload");
    }

    [Fact]
    public async Task Sleep()
    {
        await using var server = ReplayServer.Of("sleep");
        using var client = server.Client();

        await client.Server.SleepAsync(cancellationToken: TestContext.Current.CancellationToken);

        server.Request.ShouldBeLike("sleep");
        server.Request.Headers["Content-Length"].ShouldBe("0");
    }

    [Fact]
    public async Task Whether_the_engine_sleeps()
    {
        await using var server = ReplayServer.Of("is-sleeping");
        using var client = server.Client();

        (await client.Server.IsSleepingAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBeFalse();

        server.Request.ShouldBeLike("is-sleeping");
    }

    [Fact]
    public async Task Emptying_the_prefix_cache()
    {
        await using var server = ReplayServer.Of("reset-prefix-cache");
        using var client = server.Client();

        (await client.Server.ResetPrefixCacheAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(true);

        server.Request.ShouldBeLike("reset-prefix-cache");
    }

    [Fact]
    public async Task The_tokenizer_with_an_integer_beyond_64_bits()
    {
        await using var server = ReplayServer.Of("tokenizer-info");
        using var client = server.Client();

        var info = await client.Server.GetTokenizerInfoAsync(cancellationToken: TestContext.Current.CancellationToken);

        info.EnumerateObject().Select(member => member.Name).ShouldBe([
            "tokenizer_class", "backend", "eos_token", "model_max_length", "pad_token", "chat_template", "truncation_side", "name_or_path", "is_local", "local_files_only", "added_tokens_decoder"]);
        info.GetProperty("tokenizer_class").GetString().ShouldBe("TokenizerPoolCachedTokenizersBackend");
        info.GetProperty("model_max_length").GetRawText().ShouldBe("1000000000000000019884624838656");
        info.GetProperty("chat_template").GetString()!.ShouldStartWith("{%- if tools %}<|im_start|>system\n");
        info.GetProperty("added_tokens_decoder").GetProperty("8003").GetString().ShouldBe("</tool_call>");
        server.Request.ShouldBeLike("tokenizer-info");
    }

    [Theory]
    [InlineData("metrics-idle", 52749, "53696d52d182456b18fd35c9539a7613e46d229a1eb51323bd873c1ebb91bd77")]
    [InlineData("metrics-busy", 74732, "106070b3392791fbfd2bff77b1cacd205e6b7a221d1379e77ded59243263a7ef")]
    [InlineData("metrics-after", 74515, "6e018bb2c26502b7345975e9d848fc684a30993b44168d277599a0a3eeae62eb")]
    [InlineData("metrics-with-queue", 57754, "9bdaab42b1ac841807954bed064f8947e2129ab0be30e9bf397577fcafd14b01")]
    [InlineData("dead-engine-metrics", 72223, "fce77d8ba5d8f1e34985e744b56e99cd970ddfaa48ac099a0956a97b23355d64")]
    [InlineData("embedding-metrics", 59497, "e19f2dee19e6afe364b36789a55e8e03f3ced546b46680cff789ad9df11f6abd")]
    public async Task Metrics_byte_for_byte(string recording, int bytes, string sha256)
    {
        await using var server = ReplayServer.Of(recording);
        using var client = server.Client();

        var text = Encoding.UTF8.GetBytes(await client.Server.GetMetricsTextAsync(cancellationToken: TestContext.Current.CancellationToken));

        text.Length.ShouldBe(bytes);
        Convert.ToHexStringLower(SHA256.HashData(text)).ShouldBe(sha256);
        server.Request.ShouldBeLike(recording);
    }

    [Fact]
    public async Task Models_with_their_adapter()
    {
        await using var server = ReplayServer.Of("models-with-lora");
        using var client = server.Client(options => options.ApiKey = "k1");

        var models = await client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken);

        models.ShouldBe([
            new ModelInfo { Id = "tiny", Root = "./tiny", Parent = null, MaxModelLength = 8192 },
            new ModelInfo { Id = "ad1", Root = "./lora", Parent = "tiny", MaxModelLength = null }]);
        server.Request.ShouldBeLike("models-with-lora");
    }

    [Fact]
    public async Task Models_of_a_server_whose_engine_is_dead()
    {
        await using var server = ReplayServer.Of("dead-engine-v1-models");
        using var client = server.Client();

        var models = await client.ListModelsAsync(cancellationToken: TestContext.Current.CancellationToken);

        models.ShouldBe([new ModelInfo { Id = "tiny", Root = "./tiny", Parent = null, MaxModelLength = 8192 }]);
    }

    [Fact]
    public async Task Servers_that_answer_nothing_did_what_was_asked()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, "", contentType: "");
        using var client = handler.Client();

        await client.Server.SleepAsync(2, SleepMode.Wait, cancellationToken: TestContext.Current.CancellationToken);
        await client.Server.WakeUpAsync(["weights", "kv cache"], cancellationToken: TestContext.Current.CancellationToken);
        await client.Server.WakeUpAsync(cancellationToken: TestContext.Current.CancellationToken);
        var reset = await client.Server.ResetPrefixCacheAsync(cancellationToken: TestContext.Current.CancellationToken);

        reset.ShouldBeNull();
        handler.Requests.Select(request => $"{request.Method} {request.Path}").ShouldBe([
            "POST /sleep?level=2&mode=wait", "POST /wake_up?tags=weights&tags=kv%20cache", "POST /wake_up", "POST /reset_prefix_cache"]);
    }

    [Theory]
    [InlineData("""{"success":false}""", false)]
    [InlineData("{}", null)]
    [InlineData("""{"success":null}""", null)]
    [InlineData(" \n", null)]
    public async Task The_server_may_not_say_whether_the_cache_is_empty(string body, bool? expected)
    {
        using var client = new ScriptedHandler().Answers(HttpStatusCode.OK, body).Client();

        (await client.Server.ResetPrefixCacheAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(expected);
    }

    [Fact]
    public async Task The_configuration_is_asked_for_as_json()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.OK, """{"vllm_config":{"model":"m"},"vllm_env":{},"system_env":{}}""");
        using var client = handler.Client();

        var info = await client.Server.GetServerInfoAsync(cancellationToken: TestContext.Current.CancellationToken);

        info.GetProperty("vllm_config").GetProperty("model").GetString().ShouldBe("m");
        handler.Request.Path.ShouldBe("/server_info?config_format=json");
    }

    [Fact]
    public async Task What_changes_the_server_is_sent_once()
    {
        var handler = new ScriptedHandler().Answers(HttpStatusCode.ServiceUnavailable, "");
        using var client = handler.Client();
        Func<Task>[] calls =
        [
            () => client.Server.SleepAsync(), () => client.Server.WakeUpAsync(), () => client.Server.ResetPrefixCacheAsync(),
            () => client.Server.LoadLoraAsync("a", "b"), () => client.Server.UnloadLoraAsync("a"),
            () => client.SendAsync(HttpMethod.Post, "/pause", null), () => client.SendAsync(HttpMethod.Post, "/sleep?level=1", null),
        ];

        foreach (var call in calls) (await Should.ThrowAsync<VllmRateLimitException>(call)).Attempts.ShouldBe(1);

        handler.Requests.Count.ShouldBe(calls.Length);
    }

    [Fact]
    public async Task Blank_names_are_refused_before_anything_is_sent()
    {
        var handler = new ScriptedHandler();
        using var client = handler.Client();

        (await Should.ThrowAsync<ArgumentException>(() => client.Server.LoadLoraAsync(" ", "p"))).ParamName.ShouldBe("name");
        (await Should.ThrowAsync<ArgumentException>(() => client.Server.LoadLoraAsync("n", ""))).ParamName.ShouldBe("path");
        (await Should.ThrowAsync<ArgumentException>(() => client.Server.UnloadLoraAsync(""))).ParamName.ShouldBe("name");
        handler.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_sleep_mode_is_its_word()
    {
        JsonSerializer.Serialize(SleepMode.Keep, SleepModeContext.Default.SleepMode).ShouldBe("\"keep\"");
        JsonSerializer.Deserialize("\"later\"", SleepModeContext.Default.SleepMode).ShouldBe(new SleepMode("later"));
        default(SleepMode).ToString().ShouldBe("");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(SleepMode))]
sealed partial class SleepModeContext : System.Text.Json.Serialization.JsonSerializerContext;
