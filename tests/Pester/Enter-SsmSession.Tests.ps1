BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name good
    $dead = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name dead
    $null = $instance | Test-SsmRegistration -Wait

    function Invoke-SandboxSsm([string] $Operation, [string] $Body) {
        Invoke-SignedRequest ssm 'application/x-amz-json-1.1' $Body "AmazonSSM.$Operation"
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Enter-SsmSession' {
    It 'types redirected input and ends with the shell' {
        $session = Invoke-Child 'Enter-SsmSession good' "echo `$((6 * 7))`nexit`n"
        $session.Errors | Should -BeNullOrEmpty
        $session.Output | Should -Match '(?m)^42\r?$'
        $session.ExitCode | Should -Be 0
    }

    It 'ends when the input does' {
        $session = Invoke-Child 'Enter-SsmSession good' "echo `$((6 * 7))`n"
        $session.Output | Should -Match '(?m)^42\r?$'
        $session.ExitCode | Should -Be 0
    }

    It 'loses nothing of long input and long output' {
        $lines = 1..500 | ForEach-Object { ": $('x' * 60) $_" }
        $session = Invoke-Child 'Enter-SsmSession good' (($lines -join "`n") + "`nseq 1 20000 | tail -n 3`nexit`n")
        $session.Output | Should -Match '(?m)^19998\r?\n19999\r?\n20000\r?$'
    }

    It 'runs one command with -Command, on a terminal of its own' {
        $session = Invoke-Child 'Enter-SsmSession good -Command "test -t 1 && echo $((6 * 7)); exit 3" -PassThru | ConvertTo-Json'
        $session.Errors | Should -BeNullOrEmpty
        $session.Output | Should -Match '(?m)^42$'
    }

    It 'starts a session document with parameters, and sets LASTEXITCODE where the agent tells one' {
        $line = 'Enter-SsmSession good -DocumentName AWS-StartNonInteractiveCommand -Parameter ' +
            '@{ command = "sh -c ''echo out; exit 5''"; separateOutputStream = $true }; "code $LASTEXITCODE"'
        $session = Invoke-Child $line
        $session.Errors | Should -BeNullOrEmpty
        $session.Output | Should -Match '(?m)^out$'
        $session.Output | Should -Match '(?m)^code 5$'
    }

    It 'refuses <Id> before a session is started' -ForEach @(
        @{ Id = 'DocumentNotFound'; Line = '-DocumentName Nonsense'; Words = 'AWS-StartInteractiveCommand' }
        @{ Id = 'NotAShellSession'; Line = '-DocumentName AWS-StartSSHSession'; Words = 'tunnel' }
        @{ Id = 'InvalidDocumentParameter'; Line = '-DocumentName AWS-StartInteractiveCommand'; Words = 'command \(String, required\)' }
    ) {
        $session = Invoke-Child "try { Enter-SsmSession good $Line -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `"`$_`"; `$_.ErrorDetails.RecommendedAction }"
        $session.Output | Should -Match "(?m)^$Id,"
        $session.Output | Should -Match $Words
    }

    It 'completes the parameters that a document takes' {
        $offered = (Complete 'Enter-SsmSession good -DocumentName AWS-StartInteractiveCommand -Parameter ').CompletionText
        $offered | Should -Contain "@{ command = '' }"
        (Complete 'Enter-SsmSession good -DocumentName AWS-StartInter').CompletionText | Should -Be 'AWS-StartInteractiveCommand'
    }

    It 'writes the record of the session with -PassThru' {
        $session = Invoke-Child 'Enter-SsmSession good -Reason test -PassThru | ConvertTo-Json' "exit`n"
        $json = [regex]::Match($session.Output, '(?s)\{.*\}').Value | ConvertFrom-Json
        $json.InstanceId | Should -Be $instance.InstanceId
        $json.SessionId | Should -Not -BeNullOrEmpty
    }

    It 'has no escapes in redirected input' {
        $session = Invoke-Child 'Enter-SsmSession good -PassThru | ForEach-Object EndReason' "echo ~?`n~.`necho still`nexit`n"
        $session.Output | Should -Match '(?m)^still$'
        $session.Output | Should -Not -Match 'left with'
    }

    It 'is left with <Name> on a terminal' -Skip:($IsWindows -or -not (Get-Command python3 -ErrorAction Ignore)) -ForEach @(
        @{ Name = '~.'; Option = ''; Keys = "echo ~?`recho a''gain`r|again`r`n|~?~." }
        @{ Name = '^].'; Option = "-EscapeCharacter '^]'"; Keys = "~.`recho a''gain`r|again`r`n|$([char]29)?$([char]29)." }
    ) {
        # Keys go in once the shell has shown that it is there.
        $line = "'session-starts'; Enter-SsmSession good -PassThru $Option | % EndReason; 'left after ' + (stty -a)"
        $shown = Invoke-Terminal $line (@('session-starts', "echo re''ady`r", "ready`r`n") + $Keys.Split('|'))
        $shown | Should -Match 'Escapes, typed at the start of a line'
        $shown | Should -Match ([regex]::Escape("The session was left with $Name"))
        $shown | Should -Match '(?s)left after .*[^-]icanon' -Because 'the terminal is as it was'
    }

    It 'gives the terminal back while it is stopped, and takes it again' -Skip:($IsWindows -or -not (Get-Command python3 -ErrorAction Ignore)) {
        # Between the test and PowerShell is what a shell with jobs does: a session leader that continues what was stopped.
        $python = @'
import os, pty, re, select, signal, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(sys.argv[1], [sys.argv[1], "-NoLogo", "-NoProfile", "-Command", sys.argv[2]])
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os._exit(0)
        os.tcsetpgrp(0, os.getpid())
        lines = termios.tcgetattr(0)[3] & termios.ICANON
        os.write(1, b"was-stopped lines=%d\n" % (lines != 0))
        os.tcsetpgrp(0, job)
        os.kill(job, signal.SIGCONT)
seen, step, end = b"", 0, time.time() + 60
steps = [
    (b"session-starts", lambda: os.write(fd, b"sh -c \"trap 'stty size' WINCH; printf '\\033[?1049h'; echo re''ady; while :; do sleep 0.1; done\"\r")),
    (b"ready\r\n", lambda: os.kill(int(re.search(rb"pid=(\d+)", seen)[1]), signal.SIGTSTP)),
    (b"was-stopped", lambda: None),
    (b"24 80", lambda: os.write(fd, b"\x03echo al''ive\r")),
    (b"alive\r\n", lambda: os.write(fd, b"exit\r")),
]
position = 0
while time.time() < end:
    if select.select([fd], [], [], 0.2)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
        if b"\x1b[6n" in data:
            os.write(fd, b"\x1b[1;1R")
    if step < len(steps) and (found := seen.find(steps[step][0], position)) >= 0:
        position = found + len(steps[step][0])
        steps[step][1]()
        step += 1
os.write(1, seen)
'@
        $script = Join-Path $TestDrive stop.py
        Set-Content $script $python
        $line = "Import-Module '$Manifest'; `"pid=`$PID session-starts`"; Enter-SsmSession good -PassThru | % EndReason"
        $shown = (python3 $script $PowerShell $line) -join "`n"
        $shown | Should -Match '(?s)\e\[\?1049h.*\e\[\?1049l.*was-stopped lines=1.*\e\[\?1049h' -Because 'the screen is the shell''s while it is stopped'
        $shown | Should -Match '(?s)was-stopped.*24 80.*alive' -Because 'Ctrl-C is typed again, and the program is asked to draw'
        $shown | Should -Match 'The shell ended'
    }

    It 'refuses <_> as an escape character' -ForEach '.', '?', 'ab', "`u{e9}", '^M', '^[' {
        $failed = Get-Failure { Enter-SsmSession good -EscapeCharacter $_ }
        $failed.FullyQualifiedErrorId | Should -Be 'ParameterArgumentValidationError,SsmTools.Commands.EnterSsmSessionCommand'
    }

    It 'writes a transcript that others can play, without what was typed' {
        $folder = New-Item (Join-Path $TestDrive 'casts') -ItemType Directory
        $session = Invoke-Child "Set-Location '$folder'; Enter-SsmSession good -TranscriptPath ./a.cast" "stty -echo`necho sec`"`"ret; echo `u{e9}`u{6f22}`nexit`n"
        $session.Errors | Should -BeNullOrEmpty
        $lines = Get-Content (Join-Path $folder a.cast)
        $header = $lines[0] | ConvertFrom-Json
        $header.version, $header.width, $header.height, $header.env.TERM | Should -Be 2, 300, 100, 'xterm-256color'
        $events = $lines | Select-Object -Skip 1 | ForEach-Object { , ($_ | ConvertFrom-Json) }
        @($events | Where-Object { $_[1] -ne 'o' }).Count | Should -Be 0
        $times = $events | ForEach-Object { $_[0] }
        $times | Should -Be ($times | Sort-Object)
        -join ($events | ForEach-Object { $_[2] }) | Should -Match "(?m)secret\r?\n`u{e9}`u{6f22}"
        if (-not $IsWindows) {
            (Get-Item (Join-Path $folder a.cast)).UnixMode | Should -Be '-rw-------'
        }

        $again = Invoke-Child "Enter-SsmSession good -TranscriptPath '$folder/a.cast'; `$Error[0].FullyQualifiedErrorId" "exit`n"
        $again.Output | Should -Match 'TranscriptExists,SsmTools.Commands.EnterSsmSessionCommand'
        Get-Content (Join-Path $folder a.cast) | Should -Be $lines

        $null = Invoke-Child "Enter-SsmSession good -TranscriptPath '$folder/a.cast' -Force -TranscriptInput" "echo x`nexit`n"
        Get-Content (Join-Path $folder a.cast) | Should -Not -BeNullOrEmpty
        (Get-Content (Join-Path $folder a.cast)) -match '"i","echo x' | Should -HaveCount 1
    }

    It 'opens no session where the transcript cannot be written' {
        $missing = Join-Path $TestDrive 'nowhere' 'a.cast'
        $session = Invoke-Child "Enter-SsmSession good -TranscriptPath '$missing'; `$Error[0].FullyQualifiedErrorId; `$Error[0].TargetObject" "echo in`nexit`n"
        $session.Output | Should -Match 'TranscriptNotWritable,SsmTools.Commands.EnterSsmSessionCommand'
        $session.Output | Should -Match ([regex]::Escape($missing))
        $session.Errors | Should -Match 'folder does not exist'
        $session.Output | Should -Not -Match '(?m)^in$'
    }

    It 'leaves no transcript of a session that was not started' {
        $session = Invoke-Child "Enter-SsmSession dead -TranscriptPath '$TestDrive/none.cast'; `$Error[0].FullyQualifiedErrorId"
        $session.Output | Should -Match 'TargetNotConnected'
        Join-Path $TestDrive none.cast | Should -Not -Exist
    }

    It 'refuses two targets before it opens a session' {
        foreach ($two in { Enter-SsmSession good, dead }, { 'good', 'dead' | Enter-SsmSession }) {
            $failed = Get-Failure $two
            $failed.FullyQualifiedErrorId | Should -Be 'SeveralTargets,SsmTools.Commands.EnterSsmSessionCommand'
            $failed.CategoryInfo.Category | Should -Be InvalidArgument
            $failed.TargetObject | Should -Be 'good', 'dead'
        }
    }

    It 'refuses a host without a console' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$Manifest'; Enter-SsmSession good").Invoke()
        $failed = $shell.Streams.Error[0]
        Assert-Error $failed NoTerminal DeviceError good
        $shell.Dispose()
    }

    It 'refuses an instance that is known not to be registered' {
        $session = Invoke-Child 'Test-SsmRegistration dead | Enter-SsmSession; $Error[0].FullyQualifiedErrorId'
        $session.Output | Should -Match 'NotRegistered,SsmTools.Commands.EnterSsmSessionCommand'
    }

    It 'says what Test-SsmRegistration says where the agent is not connected' {
        $session = Invoke-Child 'Enter-SsmSession dead; $Error[0].FullyQualifiedErrorId; $Error[0].TargetObject'
        $session.Output | Should -Match 'TargetNotConnected,SsmTools.Commands.EnterSsmSessionCommand'
        $session.Output | Should -Match $dead.InstanceId
        $session.Errors -replace '\s+', ' ' | Should -BeLike "*$($dead.InstanceId) (dead) cannot start: not seen by Systems Manager*"
        $session.Errors -replace '\s+', ' ' | Should -BeLike "*Recommendation: *Test-SsmRegistration $($dead.InstanceId) -Wait*"
    }

    It 'names an instance that is not there' {
        $session = Invoke-Child 'Enter-SsmSession nobody; $Error[0].FullyQualifiedErrorId'
        $session.Output | Should -Match 'TargetNotFound,SsmTools.Commands.EnterSsmSessionCommand'
        $session = Invoke-Child 'Enter-SsmSession i-00000000000000000; $Error[0].FullyQualifiedErrorId'
        $session.Output | Should -Match 'TargetNotFound,SsmTools.Commands.EnterSsmSessionCommand'
        $session.Errors | Should -Match 'no such instance'
    }

    It 'refuses a name that several have where nobody can be asked' {
        $session = Invoke-Child 'Enter-SsmSession *d*; $Error[0].FullyQualifiedErrorId; $Error[0].TargetObject'
        $session.Output | Should -Match 'SeveralTargets,SsmTools.Commands.EnterSsmSessionCommand'
        foreach ($one in $instance, $dead) {
            $session.Output | Should -Match $one.InstanceId
            $session.Errors -replace '\s+', ' ' | Should -Match ([regex]::Escape("$($one.InstanceId) ($($one.Name))"))
        }
    }

    It 'asks for a name where none is given and nobody can be asked' {
        $session = Invoke-Child 'Enter-SsmSession; $Error[0].FullyQualifiedErrorId; $Error[0].CategoryInfo.Category; $Error[0].TargetObject'
        $session.Output | Should -Match '(?s)NoTarget,SsmTools.Commands.EnterSsmSessionCommand\s+InvalidArgument\s+Enter-SsmSession'
        $session.Errors | Should -Match 'Recommendation: '
    }

    It 'does nothing for a pipeline that brings nothing' {
        $session = Invoke-Child "@() | Enter-SsmSession; 'after'; `$Error.Count"
        $session.Output | Should -Match '(?s)^after\s+0\s*$'
    }

    It 'tells the service the reason' {
        $reason = "change 4711 $(New-Guid)"
        $null = Invoke-Child "Enter-SsmSession good -Reason '$reason'" "exit`n"
        $sessions = (Invoke-SandboxSsm DescribeSessions '{"State":"History"}').Sessions
        $mine = $sessions | Where-Object Reason -EQ $reason
        $mine | Should -HaveCount 1
        $mine.Target | Should -Be $instance.InstanceId
    }

    Context 'The list to choose from' -Skip:($IsWindows -or -not (Get-Command python3 -ErrorAction Ignore)) {
        It 'has the registered nodes, and takes a part of a name' {
            $shown = Invoke-Terminal 'Enter-SsmSession -PassThru | % InstanceId' 'leaves): ', "oo`r", '$ ', "exit`r"
            $shown | Should -Match "#  Name +InstanceId +Ping status +Platform\n1  good  $($instance.InstanceId)  Online       Amazon Linux 2023\n"
            $shown | Should -Not -Match $dead.InstanceId
            $shown | Should -Match "(?s)exit\n.*$($instance.InstanceId)\s*$"
        }

        It 'has all that a pattern means, and takes a number' {
            $shown = Invoke-Terminal "Enter-SsmSession *d* -PassThru | % InstanceId" 'leaves): ', "zebra`r", 'leaves): ', "2`r", '$ ', "exit`r"
            $shown | Should -Match "1  dead  $($dead.InstanceId)  not registered"
            $shown | Should -Match "2  good  $($instance.InstanceId)  Online"
            $shown | Should -Match "No name or id here has 'zebra' in it"
            $shown | Should -Match "(?s)exit\n.*$($instance.InstanceId)\s*$"
        }

        It 'is left with Enter, and that is no error' {
            $shown = Invoke-Terminal "Enter-SsmSession good, dead -PassThru; 'errors: ' + `$Error.Count" 'leaves): ', "`r"
            $shown | Should -Match '(?s)leaves\): \n+errors: 0\s*$'
        }

        It 'is narrower than the screen at <_> columns' -ForEach 80, 120 {
            $shown = Invoke-Terminal 'Enter-SsmSession *d*' 'leaves): ', "q`r" -Columns $_
            $rows = $shown -split "`n" -match '^(#|\d) '
            $rows.Count | Should -Be 3
            ($rows | Measure-Object Length -Maximum).Maximum | Should -BeLessThan $_
        }
    }
}
