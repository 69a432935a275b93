using Microsoft.Extensions.Configuration;

namespace Vllm.Resources;

/// <summary>Reads the settings of one section, and remembers which it was asked for.</summary>
sealed class SettingsReader(IConfigurationSection section)
{
    readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a value; one that is empty or not there is left as it is.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read. It is not shown, since it may hold a key by mistake.</exception>
    public void Set(string key, Action<string> set)
    {
        _known.Add(key);
        if (section[key] is not { Length: > 0 } text) return;
        try
        {
            set(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidOperationException($"The setting {section.Path}:{key} cannot be read as a value of its kind.", error);
        }
    }

    /// <summary>Reads a URL; one that is not there is left as it is.</summary>
    /// <exception cref="InvalidOperationException">It is none, or empty: then something that was to be filled in was not.</exception>
    public void Address(string key, Action<Uri> set)
    {
        _known.Add(key);
        if (section[key] is not null) set(Address(section.GetSection(key), key));
    }

    /// <summary>Reads the URL that a setting is.</summary>
    /// <exception cref="InvalidOperationException">It is none, or empty.</exception>
    public static Uri Address(IConfigurationSection setting, string kind)
    {
        var text = setting.Value;
        if (string.IsNullOrWhiteSpace(text)) throw new InvalidOperationException($"The setting {setting.Path} is empty; it must be {ServerUrl.Wanted(kind)}.");
        // What is a URL and still of no use, the validator tells, together with all other faults.
        return Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var url)
            ? url
            : throw new InvalidOperationException($"The setting {setting.Path} is '{ServerUrl.Shown(text)}'; it must be {ServerUrl.Wanted(kind)}.");
    }

    /// <summary>The settings below a key.</summary>
    public IEnumerable<IConfigurationSection> Children(string key)
    {
        _known.Add(key);
        return section.GetSection(key).GetChildren();
    }

    /// <summary>The texts of a list.</summary>
    public IEnumerable<string> Values(string key) => Children(key).Select(child => child.Value).OfType<string>();

    /// <summary>The places of what is there and was not asked for.</summary>
    public IEnumerable<string> Unknown() => section.GetChildren().Where(child => !_known.Contains(child.Key)).Select(child => child.Path);
}
