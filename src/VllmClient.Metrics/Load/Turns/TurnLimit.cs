namespace Vllm.Load;

/// <summary>The plan's limit of one turn, joined with the end of the run.</summary>
sealed class TurnLimit : IDisposable
{
    readonly CancellationTokenSource _source;
    readonly CancellationTokenRegistration _registration;
    readonly CancellationToken _cut;

    public TurnLimit(TimeSpan limit, LoadRun run)
    {
        _cut = run.CutToken;
        _source = new CancellationTokenSource(limit, run.Clock.Provider);
        _registration = _cut.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public bool HasPassed => _source.IsCancellationRequested && !_cut.IsCancellationRequested;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
