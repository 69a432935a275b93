using Vllm.Simulator.Engine;
using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>What comes next for a call at a planned moment.</summary>
enum CallStage
{
    Arrive,
    Queue,
    Token,
    Done,
    End,
}

/// <summary>One open generation request. Everything here happens under the server's lock.</summary>
sealed class Call
{
    readonly EngineDriver _driver;
    readonly EventWriter? _events;
    readonly ByteBuffer? _json;
    readonly Choice[] _choices;
    readonly AnswerSettings _settings;
    readonly int _fullBlocks;
    int _cached;
    int _held;
    bool _hasRoles;

    public Call(EngineDriver driver, Exchange exchange, GenerationRequest request, SimulatedRequest truth, CallSettings settings)
    {
        _driver = driver;
        _settings = settings.Answer;
        Exchange = exchange;
        Request = request;
        Truth = truth;
        Received = truth.Received.Ticks;
        Id = settings.Id;
        _choices = new Choice[request.Prompts.Count * request.Choices];
        Unfinished = _choices.Length;
        for (var i = 0; i < _choices.Length;)
        {
            var prompt = request.Prompts[i / request.Choices];
            var text = settings.Text(prompt);
            var chain = settings.Chain(prompt);
            truth.InputTokens += prompt.Tokens.Count;
            _fullBlocks += chain?.Blocks * settings.Options.BlockSize ?? 0;
            for (var last = i + request.Choices; i < last; i++)
            {
                _choices[i] = new Choice(this, i, prompt.Tokens.Count, chain, new ChoiceText(text, i));
            }
        }

        if (request.IsStream)
        {
            _events = new EventWriter(exchange, request, Id, settings.Created, settings.Answer);
        }
        else
        {
            _json = JsonAnswer.Begin(request, Id, settings.Created, settings.Answer);
        }

        StreamInterval = settings.Options.StreamInterval;
        Pace = FixedPace.Of(settings.Options);
    }

    public Exchange Exchange { get; }

    public GenerationRequest Request { get; }

    public SimulatedRequest Truth { get; }

    public string Id { get; }

    public long Received { get; }

    public int StreamInterval { get; }

    /// <summary>The fixed schedule; null: the batch decides.</summary>
    public FixedPace? Pace { get; }

    public IReadOnlyList<Choice> Choices => _choices;

    public bool IsOver { get; set; }

    public bool IsAdmitted { get; set; }

    /// <summary>What <c>x-request-id</c> answers.</summary>
    public required string HeaderId { get; init; }

    /// <summary>Already in the list of readers to wake after this pass.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Rounds made of a fixed schedule.</summary>
    public int Round { get; private set; }

    /// <summary>Choices that have not ended.</summary>
    public int Unfinished { get; private set; }

    /// <summary>The length of the request's body.</summary>
    public required int RequestBytes { get; init; }

    /// <summary>The length that the answer's head tells; 0 for a stream.</summary>
    public int ResponseBytes { get; set; }

    public UsageNumbers Usage => new(Truth.InputTokens, Truth.OutputTokens, _cached, Math.Max(0, _fullBlocks - _cached));

    /// <summary>Makes the next token of every unfinished choice, as far as a fixed schedule goes; true when all are finished.</summary>
    public bool NextRound(long at)
    {
        Round++;
        foreach (var choice in _choices)
        {
            if (!choice.IsFinished)
            {
                choice.Generated++;
                choice.IsFinished = choice.OnToken(at, isFirstOfStep: true);
            }
        }

        return Unfinished == 0;
    }

    /// <summary>A choice was scheduled for the first time.</summary>
    public void OnScheduled(Choice choice, long at)
    {
        Truth.Scheduled ??= TimeSpan.FromTicks(at);
        var cached = choice.CachedTokens ?? 0;
        Truth.CachedTokens += cached;

        // Usage tells of a prompt once, whatever the number of its choices.
        _cached += choice.Index % Request.Choices == 0 ? cached : 0;
    }

    public void OnHeld(int change)
    {
        _held += change;
        Truth.Hold(_held);
    }

    public void OnToken(Choice choice, in GeneratedToken token, long at, bool isFirstOfStep)
    {
        _driver.Count.Token(this, choice, at, isFirstOfStep);
        Truth.AddToken(TimeSpan.FromTicks(at));
        if (token.End != TextEnd.None)
        {
            var reason = token.End == TextEnd.Stop ? "stop" : "length";
            Finish(choice, new FinishInfo(reason, token.StopString, token.StopToken), at);
        }
        else if (_events is not null)
        {
            Stream(choice);
        }

        _driver.Calls.Touch(this);
    }

    /// <summary>Ends whatever is unfinished, as a stopping server does.</summary>
    public void Abort(long at)
    {
        foreach (var choice in _choices)
        {
            if (!choice.IsFinished)
            {
                choice.IsFinished = true;
                Finish(choice, new FinishInfo("abort", null, null), at);
            }
        }
    }

    public void WriteDone() => _events?.Done();

    void Stream(Choice choice)
    {
        WriteRoles();
        if (choice.Tokens > 1 && choice.PendingTokens < StreamInterval)
        {
            return;
        }

        // Chat shows nothing for a token without text; the next chunk brings it along.
        if (choice.Pending.Length > 0 || !Request.IsChat)
        {
            Sent(choice, _events!.Content(choice.Index, choice.Pending.Written, Usage));
        }
    }

    void Finish(Choice choice, in FinishInfo finish, long at)
    {
        Unfinished--;
        choice.Finish = finish;
        if (Pace is not null)
        {
            _driver.Counters.Paced--;
        }

        Truth.FinishReason = finish.Reason;
        if (_events is not null)
        {
            WriteRoles();
            Sent(choice, _events.Finish(choice.Index, choice.Pending.Written, finish, Unfinished == 0, Usage));
        }

        _driver.Count.Finished(this, choice, finish.Reason, at);
        if (Unfinished == 0)
        {
            Complete(at, finish.Reason);
        }
    }

    void Complete(long at, string reason)
    {
        Truth.Outcome = reason == "abort" ? RequestOutcome.Aborted : RequestOutcome.Finished;
        if (_events is not null)
        {
            _events.Usage(Usage);
            _driver.Tail(this, at);
            return;
        }

        foreach (var choice in _choices)
        {
            JsonAnswer.AppendChoice(_json!, Request.IsChat, choice.Index, choice.Pending.Written, choice.Finish);
        }

        JsonAnswer.End(_json!, Request.IsChat, Usage, _settings);
        _driver.AnswerJson(this, _json!.Written, at);
    }

    void WriteRoles()
    {
        if (_hasRoles || !Request.IsChat)
        {
            return;
        }

        _hasRoles = true;
        for (var i = 0; i < _choices.Length; i++)
        {
            _events!.Role(i, Usage);
        }
    }

    void Sent(Choice choice, bool isWritten)
    {
        Truth.AddChunk(choice.PendingTokens);
        if (isWritten)
        {
            Truth.AddWrite(_driver.Now);
        }

        choice.PendingTokens = 0;
        choice.Pending.Clear();
    }
}
