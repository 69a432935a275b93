using Vllm.Simulator.Wire;

namespace Vllm.Simulator.Serving;

/// <summary>What the model and its context allow.</summary>
static class Limits
{
    public static ApiError? Check(GenerationRequest request, SimulatorOptions options)
    {
        if (request.Model is { } model && model != options.Model)
        {
            return ApiError.Model(model, options.Model);
        }

        if (request.MaxTokens > options.MaxModelLen)
        {
            return ApiError.TooManyTokens(request.MaxTokens.Value, options.MaxModelLen);
        }

        foreach (var prompt in request.Prompts)
        {
            var tokens = prompt.Tokens.Count;
            if (tokens >= options.MaxModelLen)
            {
                return ApiError.TooLong(options.MaxModelLen);
            }

            if (request.MaxTokens is { } most && tokens + most > options.MaxModelLen)
            {
                return ApiError.TooLongTogether(options.MaxModelLen, most, tokens);
            }
        }

        return null;
    }
}
