using Vllm.Simulator.Engine;
using Vllm.Simulator.Handler;
using Vllm.Simulator.Hosting;
using Vllm.Simulator.Serving;

namespace Vllm.Simulator;

/// <summary>A vLLM server in .NET: in memory or on a real port, on real or virtual time, with a log of what really happened.</summary>
public sealed class VllmSimulator : IAsyncDisposable
{
    readonly EngineDriver _driver;
    readonly Pipeline _pipeline;
    readonly TimeProvider _time;
    KestrelServer? _server;
    bool _isDisposed;

    /// <summary>Makes a server that is ready at once; nothing listens until <see cref="StartAsync"/>.</summary>
    /// <param name="options">What it is and how fast; copied; null: <see cref="SimulatorOptions.H100Llama8B"/>.</param>
    /// <param name="timeProvider">Its clock; null: the system's.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    public VllmSimulator(SimulatorOptions? options = null, TimeProvider? timeProvider = null)
    {
        var copy = (options ?? new SimulatorOptions()).Copy();
        OptionsCheck.ThrowIfInvalid(copy);
        _time = timeProvider ?? TimeProvider.System;

        // Built now, or the first request would wait for it.
        Vocabulary.Load();
        _driver = new EngineDriver(copy, _time);
        Truth = new SimulatorTruth(_driver.StartTimestamp, _time.GetUtcNow());
        _pipeline = new Pipeline(_driver, Truth, _time);
        Endpoint = new SimulatorEndpoint(_pipeline);
    }

    /// <summary>The log of what really happened.</summary>
    public SimulatorTruth Truth { get; }

    /// <summary>The base address while it listens, so that one on any free port can be found; null while it does not.</summary>
    public Uri? Url => _server?.Address;

    internal SimulatorEndpoint Endpoint { get; }

    /// <summary>Makes a handler that carries requests to this server in memory, whatever their host.</summary>
    /// <returns>A new handler; any number may be in use.</returns>
    public HttpMessageHandler CreateHandler() => new SimulatorHandler(_pipeline);

    /// <summary>Listens on 127.0.0.1.</summary>
    /// <param name="port">The port; 0 (default): any free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The base address.</returns>
    /// <exception cref="InvalidOperationException">The server already listens, or its clock is not the system's.</exception>
    public async Task<Uri> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_time != TimeProvider.System)
        {
            throw new InvalidOperationException("A socket needs real time: make the simulator without a time provider, or use CreateHandler.");
        }

        if (_server is not null)
        {
            throw new InvalidOperationException($"The simulator already listens at {_server.Address}.");
        }

        _pipeline.IsStopped = false;
        _server = await KestrelServer.StartAsync(Endpoint, port, _driver.Options.IdleTimeout, cancellationToken).ConfigureAwait(false);
        return _server.Address;
    }

    /// <summary>Stops serving: in memory, requests fail as if nothing listened; on a port, nothing does.</summary>
    /// <param name="kind">What becomes of running answers; default <see cref="StopKind.Terminate"/>.</param>
    /// <param name="cancellationToken">Ends the wait for running answers.</param>
    /// <returns>Completes when the last answer has ended.</returns>
    public async Task StopAsync(StopKind kind = StopKind.Terminate, CancellationToken cancellationToken = default)
    {
        _pipeline.IsStopped = true;
        var ended = _driver.StopAsync(kind);
        await (cancellationToken.CanBeCanceled ? ended.WaitAsync(cancellationToken) : ended).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Changes the options from the next step and request on; running answers keep what they began with.</summary>
    /// <param name="change">Changes a copy of the options.</param>
    /// <exception cref="ArgumentException">The result is not valid; nothing has changed.</exception>
    public void Change(Action<SimulatorOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var running = _driver.Options;
        var options = running.Copy();
        change(options);
        OptionsCheck.ThrowIfInvalid(options, running);
        _driver.Change(options.Copy());
    }

    /// <summary>Forgets all computed prefixes: later requests find nothing of what was there before; running ones go on.</summary>
    public void ResetPrefixCache() => _driver.ForgetPrefixes();

    /// <summary>Ends as if killed: running answers break off, nothing listens any more.</summary>
    /// <returns>Completes when the port is free.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await StopAsync(StopKind.Kill).ConfigureAwait(false);
        await _driver.DisposeAsync().ConfigureAwait(false);
    }
}
