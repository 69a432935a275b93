namespace Vllm.Load;

/// <summary>Stands for the warm-up that fits the first phase. Only <see cref="LoadPlan.WarmUp"/> may hold it.</summary>
public sealed record AutoPhase : LoadPhase;
