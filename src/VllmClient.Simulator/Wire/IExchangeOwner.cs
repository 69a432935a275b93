namespace Vllm.Simulator.Wire;

/// <summary>The server's side of an exchange.</summary>
interface IExchangeOwner
{
    /// <summary>The client went away before the end.</summary>
    void Left(Exchange exchange);

    /// <summary>The reader has nothing left and this exchange writes on demand.</summary>
    void Pull(Exchange exchange);

    /// <summary>This many events with tokens, which had to wait, are written now.</summary>
    void Taken(Exchange exchange, int events);
}

/// <summary>What a transport talks to.</summary>
interface IRequestPipeline
{
    /// <summary>Takes a whole request; the answer comes through the exchange.</summary>
    Exchange Begin(IncomingRequest request);
}
