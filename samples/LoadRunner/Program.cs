return await LoadRunnerSample.CommandLine.InvokeAsync(args);
