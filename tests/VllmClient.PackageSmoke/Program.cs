using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Vllm;
using Vllm.Simulator;

// What a user of the packages does first: register the client, stream one chat, look at the metrics.
var recorded = new SortedDictionary<string, double>(StringComparer.Ordinal);
using var listener = new MeterListener
{
    InstrumentPublished = (instrument, self) =>
    {
        if (instrument.Meter.Name == VllmTelemetry.MeterName) self.EnableMeasurementEvents(instrument);
    },
};
listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
listener.Start();

await using var simulator = new VllmSimulator(SimulatorOptions.H100Llama8B);
var url = await simulator.StartAsync();
var services = new ServiceCollection();
services.AddVllmClient(options => options.BaseUrl = url);
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IVllmClient>();

await foreach (var update in client.ChatStreamAsync(new ChatRequest { Messages = ["Hello"], MaxTokens = 16 })) Console.Write(update.Text);
Console.WriteLine();
foreach (var (name, sum) in recorded) Console.WriteLine($"{name} {sum:0.######}");

string[] expected = [VllmTelemetry.Instruments.OperationDuration, VllmTelemetry.Instruments.TimeToFirstToken, VllmTelemetry.Instruments.TokenUsage];
foreach (var name in expected)
{
    if (recorded.ContainsKey(name)) continue;
    Console.Error.WriteLine($"{name} was not recorded.");
    return 1;
}

return 0;

void Add(Instrument instrument, double value)
{
    lock (recorded) recorded[instrument.Name] = recorded.GetValueOrDefault(instrument.Name) + value;
}
