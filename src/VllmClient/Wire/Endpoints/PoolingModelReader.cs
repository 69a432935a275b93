namespace Vllm.Wire;

/// <summary>Fills in what all answers of pooling models share.</summary>
abstract class PoolingModelReader<TResult> : EndpointReader<TResult> where TResult : PoolingModelResult
{
    internal sealed override TResult Result(CallInfo info) => (TResult)(Answer() with
    {
        Id = Id ?? "",
        Model = Model ?? "",
        Created = Created,
        Usage = Usage,
        Info = info,
        AdditionalProperties = Additional,
    });

    private protected abstract PoolingModelResult Answer();
}
