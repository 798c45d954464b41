# What every test file begins with: the built module, and a few helpers. Dot-sourced in BeforeAll.

$script:Manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'SsmTools.psd1'
$script:PowerShell = (Get-Process -Id $PID).Path
Import-Module $Manifest

# A sandbox that does not keep a test waiting.
function Start-TestSandbox {
    Start-SsmSandbox -BootDelay 0.3 -ProfileDelay 0.3
}

# What the completion of a command line offers.
function Complete([string] $Line) {
    (TabExpansion2 $Line $Line.Length).CompletionMatches
}

# Runs a line in a PowerShell of its own, with text typed into it; returns what it wrote and its exit code.
function Invoke-Child([string] $Command, [string] $Typed = '', [int] $Limit = 60) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($PowerShell)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    foreach ($argument in '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$Manifest'; $Command") {
        $start.ArgumentList.Add($argument)
    }
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        $process.StandardInput.Write($Typed)
        $process.StandardInput.Close()
        if (-not $process.WaitForExit($Limit * 1000)) {
            $process.Kill($true)
            throw "Not done after $Limit s: $Command"
        }
        [pscustomobject]@{
            ExitCode = $process.ExitCode
            # As it reads, without what moves the cursor and sets colours.
            Output = $output.GetAwaiter().GetResult() -replace '\e\[[\d;?]*[a-zA-Z]' -replace '\r'
            Errors = $errors.GetAwaiter().GetResult()
        }
    }
    finally {
        $process.Dispose()
    }
}

# Runs a line in a PowerShell on a terminal of its own, as a person does: once a text is seen, the keys that follow it go
# in. Returns what was shown. For where python3 is, which has the terminal.
function Invoke-Terminal([string] $Command, [string[]] $SeenAndKeys, [int] $Columns = 80, [int] $Lines = 24) {
    $python = @'
import fcntl, os, pty, select, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], [sys.argv[1], "-NoLogo", "-NoProfile", "-Command", sys.argv[2]])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(sys.argv[4]), int(sys.argv[3]), 0, 0))
seen, rest, end = b"", b"", time.time() + 60
steps = [step.encode() for step in sys.argv[5:]]
while time.time() < end:
    if select.select([fd], [], [], 0.2)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
        rest += data
        if b"\x1b[6n" in data:
            os.write(fd, b"\x1b[1;1R")
    if steps and steps[0] in rest:
        rest = rest[rest.index(steps[0]) + len(steps[0]):]
        os.write(fd, steps[1])
        steps = steps[2:]
os.write(1, seen)
'@
    $script = Join-Path ([IO.Path]::GetTempPath()) "ssmtools-terminal-$([guid]::NewGuid()).py"
    Set-Content $script $python
    try {
        $shown = python3 $script $PowerShell "Import-Module '$Manifest'; $Command" $Columns $Lines @SeenAndKeys
        $shown -join "`n" -replace '\e\[[\d;?]*[a-zA-Z]' -replace '\r'
    }
    finally {
        Remove-Item $script
    }
}

# Starts a script in a runspace of its own, stops it when it has begun, and returns how it ended.
function Stop-Midway([string] $Script, [int] $After = 1500) {
    $shell = [powershell]::Create()
    try {
        $null = $shell.AddScript("Import-Module '$Manifest'").Invoke()
        $shell.Commands.Clear()
        $running = $shell.AddScript($Script).BeginInvoke()
        $ended = $running.AsyncWaitHandle.WaitOne($After)
        $shell.Stop()
        [pscustomobject]@{
            EndedByItself = $ended
            State = $shell.InvocationStateInfo.State
            Errors = @($shell.Streams.Error)
        }
    }
    finally {
        $shell.Dispose()
    }
}

# Runs something that has to fail and returns its error record.
function Get-Failure([scriptblock] $Do) {
    try {
        $null = & $Do
    }
    catch {
        return $_
    }
    throw "This did not fail: $Do"
}

# The rules that hold for every error that a user sees.
function Assert-Error($Record, [string] $Id, [string] $Category, $Target) {
    $Record.FullyQualifiedErrorId | Should -BeLike "$Id,SsmTools.Commands.*"
    $Record.CategoryInfo.Category | Should -Be $Category
    $Record.TargetObject | Should -Be $Target
    $Record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    "$Record" | Should -Not -Match '\sat SsmTools\.'
}
