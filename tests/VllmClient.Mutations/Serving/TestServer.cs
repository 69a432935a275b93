using System.Globalization;
using System.Reflection;
using System.Text;

namespace Vllm.Tests.Mutations.Serving;

/// <summary>Runs inside a test program: runs its tests again and again, each time with another mutant, so that only the first run pays for starting and compiling.</summary>
static class TestServer
{
    /// <summary>The environment variable with the name of the assembly under test; without it the program's own main method runs.</summary>
    public const string Variable = "PLANTED_ASSEMBLY";

    /// <summary>Reads requests from the standard input and answers them on the standard output, one line each, until the input ends.</summary>
    /// <remarks>A request is the mutant's number and the arguments of the test program, divided by tabs. An answer is the exit code, what was printed in Base64, and the bodies entered, divided by tabs.</remarks>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } name) return;
        // Programs that the tests start are to run as ever.
        foreach (var variable in (string[])[Variable, "DOTNET_STARTUP_HOOKS"]) Environment.SetEnvironmentVariable(variable, null);
        var main = Assembly.GetEntryAssembly()!.EntryPoint!;
        var planted = Assembly.Load(name).GetType("Vllm.Planted")!;
        var (number, entered) = (planted.GetField("Number")!, (bool[])planted.GetField("Entered")!.GetValue(null)!);
        // Runners write when they like; nothing but answers may come out.
        using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (Console.ReadLine() is { } request)
        {
            var parts = request.Split('\t');
            var printed = new StringWriter();
            Array.Clear(entered);
            Console.SetOut(printed);
            number.SetValue(null, int.Parse(parts[0], CultureInfo.InvariantCulture));
            var code = (int)main.Invoke(null, [parts[1..]])!;
            number.SetValue(null, 0);
            Console.SetOut(TextWriter.Null);
            var bodies = string.Join(',', Enumerable.Range(0, entered.Length).Where(body => entered[body]));
            answers.WriteLine($"{code}\t{Convert.ToBase64String(Encoding.UTF8.GetBytes(printed.ToString()))}\t{bodies}");
        }

        Environment.Exit(0);
    }
}
