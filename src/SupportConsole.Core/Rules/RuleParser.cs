using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Rules;

/// <summary>
/// Reads PocketBase's rule language, as its own parser does (fexpr 0.5 up to server 0.39.8, fexpr 0.6 from 0.39.9): <c>&amp;&amp;</c> binds closer than
/// <c>||</c>, since PocketBase hands both to SQL as they stand. It says how a rule is built, and never what it comes to.
/// </summary>
public ref struct RuleParser
{
    /// <summary>Brackets within brackets beyond which nobody reads a rule; PocketBase takes rules of some thousand characters.</summary>
    public const int MaxDepth = 200;

    private static readonly string[] s_operators = ["=", "!=", ">", ">=", "<", "<=", "~", "!~"];

    private static readonly HashSet<string> s_macros = new(StringComparer.Ordinal)
    {
        "@now", "@yesterday", "@tomorrow", "@second", "@minute", "@hour", "@weekday", "@day", "@month", "@year", "@todayStart", "@todayEnd",
        "@monthStart", "@monthEnd", "@yearStart", "@yearEnd",
    };

    private readonly string _rule;
    private readonly FilterGrammar _grammar;
    private int _at;

    private RuleParser(string rule, FilterGrammar grammar)
    {
        _rule = rule;
        _grammar = grammar;
    }

    /// <summary>Reads a rule.</summary>
    /// <param name="rule">As PocketBase keeps it.</param>
    /// <param name="grammar">How the server reads filters.</param>
    /// <param name="tree">How it is built.</param>
    /// <param name="fault">Why it can't be read.</param>
    public static bool TryParse(
        string rule, FilterGrammar grammar, [NotNullWhen(true)] out RuleNode? tree, [NotNullWhen(false)] out RuleFault? fault)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var parser = new RuleParser(rule, grammar);
        try
        {
            tree = parser.ReadGroup(0) ?? throw parser.Fault("The rule says nothing.");
            fault = null;
            return true;
        }
        catch (UnreadableException unreadable)
        {
            tree = null;
            fault = unreadable.Fault;
            return false;
        }
    }

    // Up to the closing bracket, or the end of all at depth 0; null for nothing within.
    private RuleNode? ReadGroup(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fault("The brackets are nested too deeply to be explained.");
        }

        List<List<RuleNode>> choices = [[]];
        var nothingYet = true;
        while (true)
        {
            SkipBlank();
            if (IsAtEnd(depth))
            {
                if (nothingYet)
                {
                    return null;
                }

                throw Fault("A comparison is missing.");
            }

            if (ReadPart(depth) is { } part)
            {
                choices[^1].Add(part);
            }

            nothingYet = false;
            SkipBlank();
            if (IsAtEnd(depth))
            {
                break;
            }

            if (TryTake("&&"))
            {
                continue;
            }

            if (!TryTake("||"))
            {
                throw Fault("&& or || is missing.");
            }

            choices.Add([]);
        }

        // An empty pair of brackets counts for nothing, as to PocketBase.
        return Joined(RuleJoin.Or, [.. choices.Select(all => Joined(RuleJoin.And, all)).OfType<RuleNode>()]);
    }

    private static RuleNode? Joined(RuleJoin join, IReadOnlyList<RuleNode> parts)
    {
        // A group within one of its own kind says nothing more than its parts.
        RuleNode[] flat = [.. parts.SelectMany(part => part is RuleGroup { IsLinked: false } group && group.Join == join ? group.Parts : [part])];
        return flat switch
        {
            [] => null,
            [var one] => one,
            _ => join == RuleJoin.And ? RuleLinks.Link(flat) : new RuleGroup(join, flat),
        };
    }

    private RuleNode? ReadPart(int depth)
    {
        if (!TryTake("("))
        {
            return ReadClause();
        }

        var opened = _at;
        var group = ReadGroup(depth + 1);
        if (!TryTake(")"))
        {
            throw new UnreadableException(new RuleFault("This bracket isn't closed.", opened - 1));
        }

        return group;
    }

    private RuleClause ReadClause()
    {
        var left = ReadOperand(0);
        SkipBlank();
        var start = _at;
        while (_at < _rule.Length && _rule[_at] is '=' or '!' or '<' or '>' or '~' or '?')
        {
            _at++;
        }

        var comparison = _rule[start.._at];
        if (!s_operators.Contains(comparison is ['?', ..] ? comparison[1..] : comparison))
        {
            _at = start;
            throw Fault(comparison.Length == 0 ? "An operator is missing: =, !=, >, >=, <, <=, ~ or !~." : $"There is no operator {comparison}.");
        }

        SkipBlank();
        return new RuleClause(left, comparison, ReadOperand(0));
    }

    private RuleOperand ReadOperand(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fault("The brackets are nested too deeply to be explained.");
        }

        var start = _at;
        if (_at >= _rule.Length)
        {
            throw Fault("A value is missing.");
        }

        var first = _rule[_at];
        if (first is '"' or '\'')
        {
            var value = ReadText();
            return new RuleOperand(RuleOperandKind.Text, _rule[start.._at], [], Value: value);
        }

        if (char.IsAsciiDigit(first) || (first == '-' && _at + 1 < _rule.Length && char.IsAsciiDigit(_rule[_at + 1])))
        {
            _at++;
            while (_at < _rule.Length && (char.IsAsciiDigit(_rule[_at]) || _rule[_at] == '.'))
            {
                _at++;
            }

            var number = _rule[start.._at];
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && number[^1] != '.'
                ? new RuleOperand(RuleOperandKind.Number, number, [])
                : throw new UnreadableException(new RuleFault($"{number} is no number.", start));
        }

        while (_at < _rule.Length && IsOfName(_rule[_at]))
        {
            _at++;
        }

        if (_at == start)
        {
            throw Fault($"“{VisibleText.Shortened(_rule[start..], 20)}” can't stand here.");
        }

        var name = _rule[start.._at];
        return _at < _rule.Length && _rule[_at] == '(' ? ReadFunction(start, name, depth) : ToField(name, start);
    }

    private RuleOperand ReadFunction(int start, string name, int depth)
    {
        _at++;
        List<RuleOperand> arguments = [];
        SkipBlank();
        while (!TryTake(")"))
        {
            if (arguments.Count > 0 && !TryTake(","))
            {
                throw Fault($"A comma or the closing bracket of {name}() is missing.");
            }

            SkipBlank();
            arguments.Add(ReadOperand(depth + 1));
            SkipBlank();
        }

        return new RuleOperand(RuleOperandKind.Function, _rule[start.._at], [], Arguments: arguments);
    }

    private static RuleOperand ToField(string text, int start)
    {
        if (s_macros.Contains(text))
        {
            return new RuleOperand(RuleOperandKind.Macro, text, []);
        }

        if (text.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL")
        {
            return new RuleOperand(RuleOperandKind.Constant, text, [text]);
        }

        var path = text.Split('.');
        var colon = path[^1].IndexOf(':', StringComparison.Ordinal);
        var modifier = colon < 0 || (path.Length < 3 && path[0] == "@collection") ? "" : path[^1][(colon + 1)..];
        if (modifier.Length > 0)
        {
            path[^1] = path[^1][..colon];
        }

        return path switch
        {
            ["@collection", _, _, ..] => new RuleOperand(RuleOperandKind.Collection, text, path[1..], modifier),
            ["@request", "auth", _, ..] => new RuleOperand(RuleOperandKind.Auth, text, path[2..], modifier),
            ["@request", "method" or "context"] => new RuleOperand(RuleOperandKind.RequestKind, text, path[1..], modifier),
            ["@request", "headers" or "query" or "body" or "data", _, ..] => new RuleOperand(RuleOperandKind.Request, text, path[1..], modifier),
            [['@', ..], ..] => throw new UnreadableException(new RuleFault($"PocketBase knows no {text}.", start)),
            _ => new RuleOperand(RuleOperandKind.Field, text, path, modifier),
        };
    }

    private string ReadText()
    {
        var quote = _rule[_at];
        var start = _at++;
        var text = new StringBuilder();
        for (; _at < _rule.Length; _at++)
        {
            var c = _rule[_at];
            if (c == '\\' && _at + 1 < _rule.Length && Escaped(_rule[_at + 1], quote) is { } meant)
            {
                text.Append(meant);
                _at++;
            }
            else if (c == quote)
            {
                _at++;
                return text.ToString();
            }
            else
            {
                text.Append(c);
            }
        }

        throw new UnreadableException(new RuleFault("This text isn't closed.", start));
    }

    // To the older grammar a quote after any backslash is part of the text, and nothing else is escaped.
    private readonly char? Escaped(char c, char quote) => (_grammar, c) switch
    {
        (_, _) when c == quote => quote,
        (FilterGrammar.Modern, '\\') => '\\',
        (FilterGrammar.Modern, 'n') => '\n',
        (FilterGrammar.Modern, 'r') => '\r',
        (FilterGrammar.Modern, 't') => '\t',
        _ => null,
    };

    private void SkipBlank()
    {
        while (_at < _rule.Length)
        {
            if (_rule[_at] is ' ' or '\t' or '\n' or '\r')
            {
                _at++;
            }
            else if (_rule.AsSpan(_at).StartsWith("//", StringComparison.Ordinal))
            {
                _at = _rule.IndexOf('\n', _at) is >= 0 and var end ? end + 1 : _rule.Length;
            }
            else
            {
                return;
            }
        }
    }

    private readonly bool IsAtEnd(int depth) => _at == _rule.Length ? depth == 0 ? true : throw Fault("A closing bracket is missing.") : depth > 0 && _rule[_at] == ')';

    private bool TryTake(string expected)
    {
        if (!_rule.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '@' or '#' or '.' or ':';

    private readonly UnreadableException Fault(string sentence) => new(new RuleFault(sentence, _at));

#pragma warning disable CA1032, CA1064 // Never leaves this file.
    private sealed class UnreadableException(RuleFault fault) : Exception(fault.Sentence)
#pragma warning restore CA1032, CA1064
    {
        public RuleFault Fault { get; } = fault;
    }
}
