using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vllm.Load;
using Vllm.Resources;

namespace Vllm.Reports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true, AllowDuplicateProperties = false,
    Converters = [typeof(SecondsConverter), typeof(UtcConverter), typeof(BucketConverter), typeof(TurnsConverter), typeof(ColumnConverter), typeof(GappyColumnConverter),
        typeof(WordConverter<Verdict>), typeof(WordConverter<RunEnd>), typeof(WordConverter<NotSteady>), typeof(WordConverter<NotEnoughReason>), typeof(WordConverter<CacheStart>),
        typeof(WordConverter<InFlightOverflow>), typeof(WordConverter<LatencyFrom>), typeof(WordConverter<LoadFigure>), typeof(WordConverter<ResourceSourceState>), typeof(WordConverter<EnergyMethod>), typeof(WordConverter<TokenCountSource>), typeof(WordConverter<ArrivalKind>)])]
[JsonSerializable(typeof(LoadReport))]
[SuppressMessage("Maintainability", "CA1502", Justification = "The generator writes a method for each property of the report.")]
sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>An enum as a camelCase word, never a number.</summary>
sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
