using System.Text;
using LoadRunnerSample;

// The report may be Chinese, whatever code page the console has.
Console.OutputEncoding = Encoding.UTF8;
using var interrupt = new Interrupt();
interrupt.ListenToSignals();
var surroundings = new Surroundings
{
    Output = Console.Out,
    Error = Console.Error,
    IsTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
    Variable = Environment.GetEnvironmentVariable,
    Interrupt = interrupt,
};
return await new Application(surroundings).RunAsync(args);
