using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Vllm.Telemetry;

/// <summary>The tag lists of one client, and the limits that keep metrics small whatever callers send.</summary>
sealed class CallTagCache
{
    const int MaxValues = 100;

    readonly ConcurrentDictionary<(string Operation, string? Model, string? ResponseModel, UserTags User), CallTags> _tags = new();
    readonly LimitedNames _models;
    readonly ConcurrentDictionary<string, LimitedNames> _values = new(StringComparer.Ordinal);
    readonly VllmInstruments _instruments;
    readonly VllmTelemetryOptions _options;
    readonly ILogger _logger;
    readonly string _address;
    readonly int _port;
    readonly UserTags _own;
    int _modelLimitLogged;
    int _tagLimitLogged;

    internal CallTagCache(VllmInstruments instruments, VllmTelemetryOptions options, Uri baseUrl, ILogger logger)
    {
        _instruments = instruments;
        _options = options;
        _logger = logger;
        _models = new LimitedNames(options.MaxModels);
        _address = baseUrl.IdnHost;
        _port = baseUrl.Port;
        foreach (var (key, value) in options.Tags) _own = Add(_own, key, value);
    }

    /// <summary>The tags of a call that begins.</summary>
    /// <exception cref="ArgumentException">The call's own tags break a rule.</exception>
    internal CallTags Get(string operation, string? model, IReadOnlyDictionary<string, string>? tags)
    {
        var user = _own;
        if (tags is not null)
        {
            foreach (var (key, value) in tags) user = Add(user, key, value);
        }
        return Get(operation, Shown(model), null, user);
    }

    /// <summary>The same tags once the model that answered is known.</summary>
    internal CallTags WithAnswer(CallTags tags, string responseModel) => Get(tags.Key.Operation, tags.Key.Model, Shown(responseModel), tags.User);

    CallTags Get(string operation, string? model, string? responseModel, UserTags user)
    {
        if (_tags.TryGetValue((operation, model, responseModel, user), out var known)) return known;
        var key = new ActiveKey(operation, _options.ProviderName, model, _address, _port, _own);
        return _tags.GetOrAdd((operation, model, responseModel, user), new CallTags(key, responseModel, user, _instruments.Active(key)));
    }

    string? Shown(string? model)
    {
        if (string.IsNullOrEmpty(model)) return null;
        var shown = _options.ModelName is { } map ? map(model) : model;
        if (_models.Admits(shown)) return shown;
        if (Interlocked.Exchange(ref _modelLimitLogged, 1) == 0) Log.ModelLimitReached(_logger, _options.MaxModels);
        return VllmTelemetry.ErrorTypes.Other;
    }

    UserTags Add(UserTags tags, string key, string value)
    {
        if (UserTags.Problem(key, value) is { } problem) throw new ArgumentException(problem);
        return tags.With(key, Limited(key, value));
    }

    string Limited(string key, string value)
    {
        if (_values.GetOrAdd(key, static _ => new LimitedNames(MaxValues)).Admits(value)) return value;
        if (Interlocked.Exchange(ref _tagLimitLogged, 1) == 0) Log.TagLimitReached(_logger, key, MaxValues);
        return VllmTelemetry.ErrorTypes.Other;
    }
}
