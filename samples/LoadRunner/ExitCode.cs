using Vllm.Load;

namespace LoadRunnerSample;

static class ExitCode
{
    public const int Usage = 2;

    public static int Of(Verdict verdict) => verdict switch
    {
        Verdict.Met => 0,
        Verdict.NotMet => 1,
        Verdict.RunInvalid => 2,
        _ => 3,
    };
}
