using SupportConsole.Tests.TestKit;
using Xunit.Runner.InProc.SystemConsole;

return args switch
{
    [AppendingProcess.Argument, var folder] => await AppendingProcess.AppendAsync(folder),
    [ShippingProcess.Argument, var folder, var url] => await ShippingProcess.ShipAsync(folder, url),
    _ => await ConsoleRunner.Run(args),
};
