using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Rows;
using SupportConsole.Benchmarks.Stage;

if (Hosts.Run(args) is { } hosting)
{
    await hosting;
    return 0;
}

Row[] rows = [new ViewPage(), new Reach(), new Explain(), new Hidden(), new WhatIf(), new Files(), new UserSearch(), new AuditAppend(), new AuditSinks(), new AuditPages(), new AuditProof(), new Export(), new Circuits(), new Revocation(), new ColdStart(), new Bodies(), new Load()];
var picked = rows.Where(row => args.Length == 0 || args.Contains(row.Name)).ToArray();
if (picked.Length == 0)
{
    await Console.Error.WriteLineAsync($"Nothing is called that. Rows: {string.Join(", ", rows.Select(row => row.Name))}.");
    return 1;
}

Console.WriteLine(Line.Head);
foreach (var row in picked)
{
    await foreach (var line in row.MeasureAsync())
    {
        Console.WriteLine(line);
    }
}

return 0;
