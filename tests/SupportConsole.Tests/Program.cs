using SupportConsole.Tests.TestKit;
using Xunit.Runner.InProc.SystemConsole;

return args is [AppendingProcess.Argument, var folder] ? await AppendingProcess.AppendAsync(folder) : await ConsoleRunner.Run(args);
