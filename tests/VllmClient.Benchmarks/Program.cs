using BenchmarkDotNet.Running;
using Vllm.Tests.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(StreamBenchmarks).Assembly).Run(args);
