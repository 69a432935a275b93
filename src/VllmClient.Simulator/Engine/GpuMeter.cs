namespace Vllm.Simulator.Engine;

/// <summary>What the GPU has done: busy time and energy, exact at any moment without a timer. Times in ticks of 100 ns.</summary>
/// <remarks>In a step the draw is 70 W + 630 W (0.6 + 0.4 x), x the share of computing in the step; else 70 W. Energy is the integral of that, utilisation and power are means of the last 100 ms.</remarks>
sealed class GpuMeter
{
    public const long Window = TimeSpan.TicksPerMillisecond * 100;

    const double IdleWatts = 70;
    const double BusyWatts = 630;

    // Steps within a millisecond are kept as one, so that the window holds few whatever their length.
    const long Together = TimeSpan.TicksPerMillisecond;

    readonly Queue<Span> _window = [];
    Span _last;
    double _energy;
    double _reported;
    long _paced = -1;

    /// <summary>A step is planned from start to end.</summary>
    public void Step(long start, long end, double computeShare)
    {
        if (_paced >= 0)
        {
            Close(start);
            _paced = end;
        }

        Add(start, end, Watts(computeShare));
    }

    /// <summary>From here on answers with planned times are open, or none; they draw as if the GPU read weights all the time.</summary>
    public void Pace(long at, bool isOpen)
    {
        if (isOpen && _paced < 0)
        {
            _paced = Math.Max(at, _last.End);
        }
        else if (!isOpen && _paced >= 0)
        {
            Close(at);
            _paced = -1;
        }
    }

    /// <summary>The state now.</summary>
    public GpuReading Read(long now)
    {
        Forget(now);
        var busy = 0.0;
        var watts = 0.0;
        foreach (var span in _window)
        {
            Include(span);
        }

        Include(_last);
        Include(Open(now));

        // A planned end that comes late must not take back what was read before.
        _reported = Math.Max(_reported, ((IdleWatts * now) + _energy - Ahead(_last, now) + Open(now).Energy) / TimeSpan.TicksPerMillisecond);
        return new GpuReading(busy / Window, IdleWatts + (watts / Window), _reported);

        void Include(in Span span)
        {
            var within = Math.Min(span.End, now) - Math.Max(span.Start, now - Window);
            if (within > 0)
            {
                var share = (double)within / (span.End - span.Start);
                busy += share * span.Busy;
                watts += share * span.Energy;
            }
        }
    }

    static double Watts(double computeShare) => BusyWatts * (0.6 + (0.4 * computeShare));

    /// <summary>What is counted of a step but lies beyond now.</summary>
    static double Ahead(in Span span, long now) => span.End > now ? span.Energy * (span.End - now) / (span.End - span.Start) : 0;

    Span Open(long now) => _paced >= 0 && now > _paced ? new Span(_paced, now, now - _paced, Watts(0) * (now - _paced)) : default;

    void Close(long at)
    {
        if (at > _paced)
        {
            Add(_paced, at, Watts(0));
        }
    }

    void Add(long start, long end, double watts)
    {
        start = Math.Max(start, _last.End);
        if (end <= start)
        {
            return;
        }

        var energy = watts * (end - start);
        _energy += energy;
        if (_last.End > 0 && end - _last.Start <= Together)
        {
            _last = new Span(_last.Start, end, _last.Busy + end - start, _last.Energy + energy);
            return;
        }

        if (_last.End > 0)
        {
            _window.Enqueue(_last);
        }

        _last = new Span(start, end, end - start, energy);
        Forget(start);
    }

    void Forget(long now)
    {
        while (_window.TryPeek(out var oldest) && oldest.End <= now - Window)
        {
            _window.Dequeue();
        }
    }

    /// <summary>A stretch with its busy ticks and the energy above idle, in watts times ticks.</summary>
    readonly record struct Span(long Start, long End, long Busy, double Energy);
}

/// <summary>The GPU at one moment.</summary>
/// <param name="Busy">Share of the last 100 ms spent in steps, 0 to 1.</param>
/// <param name="Watts">Mean draw of the last 100 ms.</param>
/// <param name="Millijoules">Drawn since the simulator was made.</param>
readonly record struct GpuReading(double Busy, double Watts, double Millijoules);
