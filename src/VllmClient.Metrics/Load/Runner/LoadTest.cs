namespace Vllm.Load;

/// <summary>Runs one load plan in one line, on the system's clock: <c>(await LoadTest.RunAsync(plan, work)).EnsureMet()</c>.</summary>
/// <remarks>A <see cref="LoadRunner"/> does the same with a clock, a meter, logs or a probe of the caller's, reports progress and can be stopped.</remarks>
public static class LoadTest
{
    /// <summary>Runs a plan.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="work">What each turn does.</param>
    /// <param name="cancellationToken">Cancels the run; its partial report is in the exception.</param>
    /// <exception cref="LoadPlanException">The plan cannot run.</exception>
    /// <exception cref="LoadCancelledException"><paramref name="cancellationToken"/> fired.</exception>
    /// <exception cref="VllmException">The server did not get ready.</exception>
    /// <exception cref="InvalidOperationException">The work's client has another clock than the system's.</exception>
    public static async Task<LoadReport> RunAsync(LoadPlan plan, LoadWork work, CancellationToken cancellationToken = default)
    {
        var runner = new LoadRunner();
        await using (runner.ConfigureAwait(false)) return await runner.RunAsync(plan, work, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a plan with the caller's own work.</summary>
    /// <inheritdoc cref="RunAsync(LoadPlan, LoadWork, CancellationToken)"/>
    public static Task<LoadReport> RunAsync(LoadPlan plan, Func<LoadTurn, CancellationToken, Task> work, CancellationToken cancellationToken = default) =>
        RunAsync(plan, LoadWork.From(work), cancellationToken);
}
