using Vllm;

namespace LoadRunnerSample;

/// <summary>From arguments to an exit code; every foreseeable failure ends as one sentence on standard error.</summary>
sealed class Application(Surroundings surroundings)
{
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await DispatchAsync(args);
        }
        catch (UsageException e)
        {
            return Refuse(e.Message);
        }
        catch (VllmException e)
        {
            return Refuse(e.Message);
        }
        catch (OperationCanceledException)
        {
            return Refuse("Cancelled before the load began; there is nothing to report.");
        }
    }

    async Task<int> DispatchAsync(string[] args)
    {
        var commandLine = new CommandLine();
        var parsed = commandLine.Root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Refuse($"{string.Join(" ", parsed.Errors.Select(error => error.Message))} --help lists the options.");
        if (parsed.Action is not null)
        {
            var code = parsed.Invoke(new() { Output = surroundings.Output, Error = surroundings.Error });
            if (parsed.Action is System.CommandLine.Help.HelpAction)
                surroundings.Output.WriteLine(CommandLine.Examples);
            return code == 0 ? 0 : ExitCode.Usage;
        }

        var options = commandLine.Read(parsed, surroundings.Variable);
        return options.Serve is null ? await new Run(surroundings, options).ExecuteAsync() : await new Serving(surroundings, options).ExecuteAsync();
    }

    int Refuse(string sentence)
    {
        surroundings.Error.WriteLine(sentence);
        return ExitCode.Usage;
    }
}
