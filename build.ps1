#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
Builds SsmTools, and what belongs to that. Needs the .NET SDK and nothing from a gallery.
.EXAMPLE
./build.ps1
Builds. The module can then be imported in place: Import-Module ./SsmTools.psd1
.EXAMPLE
./build.ps1 -Task Test
Builds and runs every test, Pester files included where Pester 5 is installed.
.EXAMPLE
./build.ps1 -Task TestWindows
Publishes the tests of category Windows for Windows, and runs them there, or elsewhere under Wine 10 or newer, if it is
on the PATH. Those of the console need a real terminal.
.EXAMPLE
./build.ps1 -Task Demo
Walks from nothing to a prompt in a sandbox, with the cmdlets.
.EXAMPLE
./build.ps1 -Task Package
Puts what ships into out/SsmTools/<version>, as Publish-PSResource takes it.
.EXAMPLE
./build.ps1 -Task Benchmark
Measures what the design has marks for, beside the AWS CLI and the official plugin where they are installed.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'TestWindows', 'Demo', 'Package', 'Benchmark', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = ($Task -contains 'Package' -or $Task -contains 'Benchmark') ? 'Release' : 'Debug'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$root = $PSScriptRoot
$out = Join-Path $root 'out'
$results = Join-Path $out 'test-results'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with $LASTEXITCODE."
    }
}

function Invoke-BuildTask {
    Invoke-DotNet build $root --nologo --configuration $Configuration -v quiet
}

function Build-Module {
    Invoke-DotNet build (Join-Path $root 'src/SsmTools') --nologo --configuration $Configuration -v quiet
}

function Get-TestCount {
    $count = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in Get-ChildItem $results -Filter *.trx) {
        foreach ($result in ([xml](Get-Content -Raw $file)).TestRun.Results.UnitTestResult) {
            # The test that runs a Pester file stands for what is in the file, and that is counted below.
            $wrapper = $result.testName.StartsWith('SsmTools.Tests.Pester.PesterTests.')
            switch ($result.outcome) {
                'Passed' { $count.Passed += [int](-not $wrapper) }
                'NotExecuted' { $count.Skipped++ }
                default { $count.Failed += [int](-not $wrapper) }
            }
        }
    }
    foreach ($file in Get-ChildItem (Join-Path $results 'pester') -Filter *.txt -ErrorAction Ignore) {
        [int[]] $line = (Get-Content $file) -split ' '
        $count.Passed += $line[0]
        $count.Failed += $line[1]
        $count.Skipped += $line[2]
    }
    $count
}

function Invoke-TestTask {
    Invoke-BuildTask
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    & dotnet test $root --no-build --nologo --configuration $Configuration --logger 'trx;LogFilePrefix=xunit' `
        --results-directory $results
    $exitCode = $LASTEXITCODE
    $count = Get-TestCount
    if ($exitCode -ne 0 -and $count.Failed -eq 0) {
        $count.Failed = 1
    }
    "$($count.Passed) passed, $($count.Failed) failed, $($count.Skipped) skipped"
    if ($count.Failed -gt 0 -or $count.Passed -eq 0) {
        exit 1
    }
}

function Invoke-TestWindowsTask {
    $folder = Join-Path $out 'windows-tests'
    Invoke-DotNet publish (Join-Path $root 'tests/WindowsRunner') --nologo --configuration $Configuration -v quiet `
        '-p:ForWindows=true' --output $folder
    $program = Join-Path $folder 'SsmTools.WindowsRunner.exe'
    $report = Join-Path $folder 'report.txt'
    Remove-Item $report -ErrorAction Ignore
    $command = @($program, 'report.txt')
    if (-not $IsWindows) {
        if (-not (Get-Command wine -CommandType Application -ErrorAction Ignore)) {
            "Skipped: the tests are in $folder, and here is neither Windows nor wine to run them."
            return
        }
        $env:WINEDEBUG ??= '-all'
        $env:WINEDLLOVERRIDES ??= 'mshtml=;winedbg.exe=d'
        $command = @('wine') + $command
    }

    # With the handles of this process: a console is one only where nothing is redirected.
    $arguments = $command | Select-Object -Skip 1
    Start-Process $command[0] $arguments -WorkingDirectory $folder -NoNewWindow -Wait
    $lines = @(Get-Content $report -ErrorAction Ignore)
    $lines
    if ($lines.Count -eq 0 -or $lines[-1] -notmatch '^[1-9]\d* passed, 0 failed') {
        throw 'The tests of category Windows have failed, or did not come to their end.'
    }
}

function Invoke-DemoTask {
    Build-Module
    # In a PowerShell of its own: the assemblies of a module stay loaded, and a build could not replace them.
    & (Get-Process -Id $PID).Path -NoLogo -NoProfile -File (Join-Path $root 'tests/demo.ps1')
    if ($LASTEXITCODE -ne 0) {
        throw "The demo ended with $LASTEXITCODE."
    }
}

function Invoke-PackageTask {
    Build-Module
    $version = (Import-PowerShellDataFile (Join-Path $root 'SsmTools.psd1')).ModuleVersion
    $package = Join-Path $out 'SsmTools' $version
    Remove-Item $package -Recurse -Force -ErrorAction Ignore
    $null = New-Item $package -ItemType Directory -Force
    foreach ($item in 'SsmTools.psd1', 'bin', 'en-US', 'LICENSE', 'README.md', 'CHANGELOG.md') {
        Copy-Item (Join-Path $root $item) $package -Recurse
    }
    Copy-Item (Join-Path $root 'src/SsmTools.ApiGenerator/Models/NOTICE.txt') (Join-Path $package 'NOTICE.txt')
    $manifest = Test-ModuleManifest (Join-Path $package 'SsmTools.psd1')
    "$($manifest.Name) $($manifest.Version) with $($manifest.ExportedCmdlets.Count) cmdlets is in $package"
}

function Invoke-BenchmarkTask {
    Invoke-DotNet run --project (Join-Path $root 'tests/Benchmarks') --configuration $Configuration
}

function Invoke-CleanTask {
    Join-Path $root 'bin' | Remove-Item -Recurse -Force -ErrorAction Ignore
    Remove-Item $out -Recurse -Force -ErrorAction Ignore
}

foreach ($name in $Task) {
    & "Invoke-${name}Task"
}
