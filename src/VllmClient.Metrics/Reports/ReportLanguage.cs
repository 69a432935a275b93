namespace Vllm.Reports;

/// <summary>Language of the labels that people read. Machine files, such as JSON, are never translated.</summary>
public enum ReportLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Simplified Chinese; the eleven figures then read as the classic script prints them.</summary>
    Chinese,
}
