BeforeAll {
    . $PSScriptRoot/common.ps1
    $root = Split-Path $Manifest
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        $module = Test-ModuleManifest $Manifest
        $module.Name | Should -Be 'SsmTools'
        $module.ExportedCmdlets.Count | Should -Be @(Get-Command -Module SsmTools).Count
        $module.PowerShellVersion | Should -Be '7.4'
    }

    It 'loads nothing but itself when it is imported' {
        $child = Invoke-Child ('$loaded = [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name;' +
            '($loaded -like "SsmTools*") + ($loaded -like "AWSSDK*") -join ","')
        $child.Output.Trim() | Should -Be 'SsmTools'
    }

    It 'loads no sandbox for a call to AWS' {
        $child = Invoke-Child ('New-SsmInstanceRole web -Region eu-west-1 -AccessKey A -SecretKey B ' +
            '-EndpointUrl http://127.0.0.1:1 -ErrorAction Ignore;' +
            '[AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -like "SsmTools*" -join ","')
        $child.Output.Trim() | Should -Be 'SsmTools,SsmTools.Engine'
    }

    It 'can be imported twice, again with -Force, and be removed' {
        $child = Invoke-Child ("Import-Module '$Manifest'; Import-Module '$Manifest' -Force;" +
            'Get-SsmSandbox; $null = Start-SsmSandbox; Remove-Module SsmTools;' +
            '"left: $(@(Get-Command -Module SsmTools).Count) $env:AWS_ENDPOINT_URL";' +
            "Import-Module '$Manifest'; `"sandbox: `$(Get-SsmSandbox)`"; (Start-SsmSandbox).Region; Stop-SsmSandbox")
        $child.Errors | Should -BeNullOrEmpty
        $child.Output | Should -Match '(?m)^left: 0 \r?$'
        $child.Output | Should -Match '(?m)^sandbox: \r?$'
        $child.ExitCode | Should -Be 0
    }

    It 'works in a second runspace and in parallel ones' {
        $null = Start-SsmSandbox
        try {
            $roles = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:Manifest
                New-SsmInstanceRole "parallel-$_"
            } -ThrottleLimit 4
            $roles.RoleName | Sort-Object | Should -Be 'parallel-1', 'parallel-2', 'parallel-3', 'parallel-4'
            Get-SsmSandbox | Should -Not -BeNullOrEmpty -Because 'it belongs to this runspace'
        }
        finally {
            Stop-SsmSandbox
        }
    }

    It 'gets along with an AWSSDK.Core that another module has loaded' {
        # A stand-in of another version under the same name, where AWS.Tools would have put its own. PowerShell's own
        # compiler makes it: Add-Type would give the assembly a name of its choice.
        Add-Type 'public class LoadsTheCompiler { }'
        $code = '[assembly: System.Reflection.AssemblyVersion("3.3.0.0")] namespace Amazon { public class Stranger { } }'
        $compilation = [Microsoft.CodeAnalysis.CSharp.CSharpCompilation]::Create(
            'AWSSDK.Core',
            [Microsoft.CodeAnalysis.SyntaxTree[]] [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText($code),
            [Microsoft.CodeAnalysis.MetadataReference[]] [Microsoft.CodeAnalysis.MetadataReference]::CreateFromFile(
                [object].Assembly.Location),
            [Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions]::new('DynamicallyLinkedLibrary'))
        $path = Join-Path $TestDrive 'AWSSDK.Core.dll'
        $file = [System.IO.File]::Create($path)
        $compilation.Emit($file).Success | Should -BeTrue
        $file.Dispose()
        $child = Invoke-Child @"
Add-Type -Path '$path'
`$null = Start-SsmSandbox
(New-SsmInstanceRole web).RoleName
[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'AWSSDK.Core' } |
    ForEach-Object { [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name } | Sort-Object
Stop-SsmSandbox
"@
        $child.Errors | Should -BeNullOrEmpty
        $child.Output -split '\r?\n' | Where-Object { $_ } | Should -Be 'web', 'Default', 'SsmTools'
    }

    It 'ends a pipeline that needs no more, and waits for nothing' {
        $null = Start-TestSandbox
        try {
            'a', 'b', 'c' | New-SsmInstanceRole | Select-Object -First 1 | ForEach-Object RoleName | Should -Be 'a'
            (New-SsmInstanceRole c).Created | Should -BeTrue -Because 'the pipeline had ended before it'
        }
        finally {
            Stop-SsmSandbox
        }
    }

    It 'gives no type of another library away' {
        $null = Start-TestSandbox
        try {
            $failed = Get-Failure { New-SsmInstance subnet-0123456789abcdef0 -ErrorAction Stop }
            for ($e = $failed.Exception; $e; $e = $e.InnerException) {
                $e.GetType().Assembly.GetName().Name | Should -Be 'SsmTools'
            }
        }
        finally {
            Stop-SsmSandbox
        }
    }

    It 'is clean to PSScriptAnalyzer' {
        if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed'
        }
        # The analyzer does not see that blocks and functions use what is set outside of them; and a stand-in for
        # AWS.Tools has to leave global variables, as AWS.Tools does.
        $not = 'PSReviewUnusedParameter', 'PSUseDeclaredVarsMoreThanAssignments', 'PSAvoidGlobalVars',
            'PSAvoidUsingConvertToSecureStringWithPlainText', 'PSUseShouldProcessForStateChangingFunctions'
        $found = @(Get-ChildItem $root -Filter *.ps*1 | ForEach-Object { Invoke-ScriptAnalyzer $_.FullName -ExcludeRule $not })
        $found += Invoke-ScriptAnalyzer (Join-Path $root tests) -Recurse -ExcludeRule $not
        $found | Where-Object Severity -NE Information | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName) $($_.Message)" } |
            Should -BeNullOrEmpty
    }
}
