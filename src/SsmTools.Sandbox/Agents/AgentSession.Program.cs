using System.Globalization;
using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Ports;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>What runs in the session.</summary>
internal sealed partial class AgentSession
{
    private void Start(ChannelOpening opening)
    {
        StartProgram(opening);
        if (_program is not null)
        {
            Watch(_program.Exited);
        }
    }

    private void StartProgram(ChannelOpening opening)
    {
        if (_plan.Port is not null)
        {
            _program = _port = PortProgram.Start(_plan.Port, opening.PeerVersion, _settings);
            return;
        }

        PseudoTerminalOptions program = _plan.Program with { TimeProvider = _wire };
        if (_plan.Output is null)
        {
            _program = new TerminalProgram(_settings.Start(program));
            Type(Encoding.UTF8.GetBytes(_plan.Typed));
            return;
        }

        try
        {
            _program = CommandProgram.Start(program, _plan.Output);
        }
        catch (IOException e)
        {
            // As the real agent has it since 3.2.1478.0: told as the command's, and at the end as the session's failure.
            _lateFailure = $"Error occurred starting the command: {e.Message}\n";
            SendExitCode(1);
            _ = _channel.TrySend(PayloadType.StandardError, Encoding.UTF8.GetBytes(_lateFailure));
            _ending.ProgramExited();
            _ending.OutputRead(0);
        }
    }

    /// <summary>Sends the exit code behind all output, where it is wanted. False when there is none left to be sent.</summary>
    private bool TellExitCode()
    {
        if (_hasToldExitCode || _program is not { Exited.IsCompletedSuccessfully: true })
        {
            return false;
        }

        return SendExitCode(_program.Exited.Result);
    }

    private bool SendExitCode(int code)
    {
        if (_plan.Output is not { IsSeparate: true })
        {
            return false;
        }

        _hasToldExitCode = true;
        string text = string.Create(CultureInfo.InvariantCulture, $"EXIT_CODE: {code}");
        return _channel.TrySend(PayloadType.ExitCode, Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Hands input over: whole to a port session, which has said that it has room; else to be typed in time.</summary>
    private void TakeInput(ReadOnlyMemory<byte> data)
    {
        if (_port is not null)
        {
            _port.Take(data);
        }
        else
        {
            Type(data.ToArray());
        }
    }

    /// <summary>Types behind what is being typed already, without waiting for the program to read it.</summary>
    private void Type(byte[] data)
    {
        if (data.Length > 0 && _program is not null)
        {
            Interlocked.Add(ref _inputWaiting, data.Length);
            _typing = TypeAsync(_typing, data);
        }
    }

    private async Task TypeAsync(Task earlier, byte[] data)
    {
        await earlier.ConfigureAwait(false);
        await _program!.WriteAsync(data, CancellationToken.None).ConfigureAwait(false);
        Interlocked.Add(ref _inputWaiting, -data.Length);
        _signal.Set(); // there may be room again
    }
}
