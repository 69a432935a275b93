namespace Vllm.Tests.Telemetry;

public sealed class ActiveRequestsTests : IDisposable
{
    readonly MeasuredClient _client = new();

    [Fact]
    public void A_call_is_in_exactly_one_phase_until_its_outcome()
    {
        var call = _client.Stream();
        Phase().ShouldBe("waiting");
        call.Queued();
        Phase().ShouldBe("queued");
        call.GateLeft();
        Phase().ShouldBe("waiting");
        call.Sent(1, "r");
        Phase().ShouldBe("waiting");
        call.Retrying("503", TimeSpan.FromSeconds(1));
        Phase().ShouldBe("backoff");
        call.Sent(2, "r-r1");
        Phase().ShouldBe("waiting");
        _client.Arrive(call);
        Phase().ShouldBe("receiving");

        _client.Complete(call);
        call.Dispose();
        call.Sent(3, "late");

        _client.Active().ShouldBeEmpty();
    }

    [Fact]
    public void Calls_are_counted_even_while_nobody_listens()
    {
        using var client = new MeasuredClient(isListening: false);
        var early = client.Stream();
        var ended = client.Call();
        client.Complete(ended);

        client.Listen();

        client.Active().ShouldBe(new Dictionary<string, long> { ["waiting"] = 1 });
        early.Dispose();
        client.Active().ShouldBeEmpty();
    }

    [Fact]
    public void Two_clients_of_equal_attributes_share_one_series()
    {
        var other = new Vllm.Telemetry.ClientTelemetry(_client.Instruments, new(), new Uri("http://gpu:8000/v1"), _client.Clock, _client.Logger);

        using var one = _client.Stream();
        using var two = other.Start(new("chat", "llama", true, null, null));

        _client.Active().ShouldBe(new Dictionary<string, long> { ["waiting"] = 2 });
    }

    public void Dispose() => _client.Dispose();

    string Phase()
    {
        var only = _client.Active().ShouldHaveSingleItem();
        only.Value.ShouldBe(1);
        return only.Key;
    }
}
