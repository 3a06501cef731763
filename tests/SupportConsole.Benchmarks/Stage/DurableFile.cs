namespace SupportConsole.Benchmarks.Stage;

/// <summary>The cheapest durable note there is: four kilobytes at a file's end, and the disk's word that they are there.</summary>
internal sealed class DurableFile : IDisposable
{
    private readonly byte[] _note = new byte[4096];
    private readonly FileStream _file;

    /// <param name="folder">On the disk that the trail is on.</param>
    public DurableFile(string folder) => _file = new FileStream(
        Path.Combine(folder, "floor"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    public void Append()
    {
        _file.Write(_note);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    public void Dispose() => _file.Dispose();
}
