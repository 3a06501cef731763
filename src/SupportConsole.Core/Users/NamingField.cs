namespace SupportConsole.Core.Users;

/// <summary>A field that can hold what somebody is called or found by.</summary>
/// <param name="Name">The field's name in the app's own spelling.</param>
/// <param name="IsEmail">Whether it holds e-mail addresses.</param>
/// <param name="Presentable">Whether the app says that the field stands for the record (PocketBase's <c>presentable</c>).</param>
public sealed record NamingField(string Name, bool IsEmail, bool Presentable);
