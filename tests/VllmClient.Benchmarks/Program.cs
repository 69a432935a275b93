using BenchmarkDotNet.Running;
using Vllm.Tests.Benchmarks;

// serve MODE CHUNKS, serve simulator, serve pages: the other side, started by the report in a process of its own.
// report: measures whole-process cost over loopback and writes RESULTS.md.
// telemetry: prints the section on the cost of measuring alone.
// report probe: shows the section of the resource probe alone.
// anything else goes to BenchmarkDotNet: --filter '*' --job dry --inProcess
switch (args)
{
    case ["serve", "simulator"]:
        await RunnerReport.ServeAsync();
        break;
    case ["serve", "pages"]:
        await PageProducer.RunAsync();
        break;
    case ["serve", var mode, var chunks]:
        await StreamProducer.RunAsync(Enum.Parse<ReadMode>(mode), int.Parse(chunks, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["report", "probe"]:
        Console.WriteLine(await ProbeReport.MeasureAsync());
        break;
    case ["report"]:
        await StreamReport.WriteAsync();
        break;
    case ["telemetry"]:
        Console.WriteLine(TelemetryReport.Measure());
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StreamBenchmarks).Assembly).Run(args);
        break;
}
