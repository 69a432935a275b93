using Vllm.Load;
using Vllm.Reports;
using Vllm.Resources;

namespace LoadRunnerSample;

/// <summary>One load: opens the target, runs the plan, prints and saves the report.</summary>
sealed class Run(Surroundings surroundings, RunOptions options)
{
    public async Task<int> ExecuteAsync()
    {
        var interrupt = surroundings.Interrupt;
        var plan = options.ToPlan();
        if (plan.Validate() is { Count: > 0 } errors)
            throw new UsageException($"The load cannot run: {string.Join("; ", errors)}.");
        CheckOut();
        var prompts = ReadPrompts();
        await using var target = await Target.OpenAsync(options, interrupt.Token);
        Announce(target.Url);
        await target.CheckAsync(options, interrupt.Token);
        var work = options.Endpoint == Endpoint.Chat ? LoadWork.Chat(target.Client, prompts) : LoadWork.Complete(target.Client, prompts);

        await using var probe = target.Probe(options);
        var report = await MeasureAsync(plan, work, probe, interrupt);

        surroundings.Output.WriteLine();
        report.WriteTo(surroundings.Output, new() { Language = options.Language });
        var code = ExitCode.Of(report.Verdict);
        surroundings.Output.WriteLine();
        surroundings.Output.WriteLine(Say($"Exit code: {code}", $"退出码: {code}"));
        Save(report);
        return code;
    }

    async Task<LoadReport> MeasureAsync(LoadPlan plan, LoadWork work, ResourceProbe probe, Interrupt interrupt)
    {
        await using var runner = new LoadRunner(new() { ResourceProbe = probe });
        interrupt.OnFirst(runner.Stop);
        var kind = options.Progress ?? (surroundings.IsTerminal ? ProgressKind.Live : ProgressKind.Lines);
        try
        {
            return kind switch
            {
                ProgressKind.Live => await new LiveProgress(surroundings.Error, options).ShowAsync(progress => runner.RunAsync(plan, work, progress, interrupt.Token)),
                ProgressKind.Lines => await runner.RunAsync(plan, work, new LineProgress(surroundings.Error, options.Language), interrupt.Token),
                _ => await runner.RunAsync(plan, work, null, interrupt.Token),
            };
        }
        catch (LoadCancelledException e)
        {
            return e.Report;
        }
    }

    void Announce(Uri url)
    {
        var isSimulated = options.BaseUrl is null;
        surroundings.Output.WriteLine(isSimulated
            ? Say($"No --url: driving the embedded simulator ({options.SimulatorName}) at {url}", $"未指定 --url: 压测内置模拟器 ({options.SimulatorName}), 地址 {url}")
            : Say($"Driving {url}", $"压测 {url}"));
    }

    Prompts ReadPrompts()
    {
        if (options.PromptFile is not { } path)
            return Prompts.Fixed(options.Prompt is { Length: 0 } ? throw new UsageException("--prompt is empty; give it a text.") : options.Prompt ?? RunOptions.ClassicPrompt, options.MaxTokens);
        try
        {
            using var reader = new StringReader(PromptFile.Read(path));
            return Prompts.FromLines(reader, options.MaxTokens);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException($"The prompt file '{path}' cannot be read ({e.Message.TrimEnd('.')}); --prompts takes a text file with one prompt a line.", e);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"The prompt file '{path}' holds no prompt; --prompts takes a text file with one prompt a line.", e);
        }
    }

    void Save(LoadReport report)
    {
        if (options.Out is not { } path)
            return;
        try
        {
            var saved = report.Save(path).Select(file => Path.GetRelativePath(Environment.CurrentDirectory, file));
            surroundings.Output.WriteLine($"{Say("Saved", "已保存")}: {string.Join(", ", saved)}");
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw NotSaved(path, e);
        }
    }

    /// <summary>A run of an hour must not end with a report that has no place.</summary>
    void CheckOut()
    {
        if (options.Out is not { } path)
            return;
        try
        {
            LoadReport.EnsureCanSave(path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw NotSaved(path, e);
        }
    }

    static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    static UsageException NotSaved(string path, Exception e) => new($"The report cannot be saved to '{path}' ({e.Message.TrimEnd('.')}); choose another place with --out.", e);

    string Say(string english, string chinese) => options.Language == ReportLanguage.Chinese ? chinese : english;
}
