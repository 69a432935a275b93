namespace Vllm.Load;

/// <summary>The turns that are running, so that those which never end can be recorded too. Striped, so that threads rarely meet.</summary>
sealed class RunningTurns
{
    const int Stripes = 16;

    readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    readonly TurnContext?[] _heads = new TurnContext?[Stripes];

    public void Add(TurnContext turn)
    {
        var stripe = (int)(turn.Index % Stripes);
        lock (_locks[stripe])
        {
            turn.Next = _heads[stripe];
            if (turn.Next is { } next) next.Previous = turn;
            _heads[stripe] = turn;
        }
    }

    public void Remove(TurnContext turn)
    {
        var stripe = (int)(turn.Index % Stripes);
        lock (_locks[stripe])
        {
            if (turn.Previous is { } previous) previous.Next = turn.Next;
            else if (ReferenceEquals(_heads[stripe], turn)) _heads[stripe] = turn.Next;
            if (turn.Next is { } next) next.Previous = turn.Previous;
            turn.Previous = turn.Next = null;
        }
    }

    /// <summary>Those running now.</summary>
    public IReadOnlyList<TurnContext> All()
    {
        var all = new List<TurnContext>();
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            lock (_locks[stripe])
            {
                for (var turn = _heads[stripe]; turn is not null; turn = turn.Next) all.Add(turn);
            }
        }

        return all;
    }
}
