BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    . $PSScriptRoot/sandboxapi.ps1
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmAccessPolicy' {
    It 'takes the policy from whoever has it and deletes it' {
        New-IamUser ann
        $null = New-SsmAccessPolicy gone -AllNodes -UserName ann
        Remove-SsmAccessPolicy gone | Should -BeNullOrEmpty
        (New-SsmAccessPolicy gone -AllNodes).Created | Should -BeTrue
    }

    It 'takes policies from the pipeline and returns them with -PassThru' {
        $null = New-SsmInstanceRole ops
        $removed = New-SsmAccessPolicy piped -AllNodes -RoleName ops | Remove-SsmAccessPolicy -PassThru
        $removed | Should -BeOfType SsmTools.Output.SsmAccessPolicy
        $removed.Name | Should -Be 'piped'
        $removed.AttachedTo | Should -Be 'role/ops'
    }

    It 'names each step with -WhatIf and takes none' {
        $null = New-SsmAccessPolicy kept -AllNodes
        (Invoke-Child 'Remove-SsmAccessPolicy kept -WhatIf').Output | Should -Match 'What if: .*Delete the policy.*policy kept'
        (New-SsmAccessPolicy kept -AllNodes).Created | Should -BeFalse
    }

    It 'completes the names of policies' {
        $null = New-SsmAccessPolicy completed -AllNodes
        (Complete 'Remove-SsmAccessPolicy comp').CompletionText | Should -Contain 'completed'
    }

    It 'keeps what others made, unless it is forced' {
        $null = Invoke-Iam "Action=CreatePolicy&PolicyName=foreign&PolicyDocument=$([uri]::EscapeDataString('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'))"
        Assert-Error (Get-Failure { Remove-SsmAccessPolicy foreign -ErrorAction Stop }) AccessPolicyNotManaged InvalidOperation 'foreign'
        (Remove-SsmAccessPolicy foreign -Force -PassThru).Name | Should -Be 'foreign'
    }

    It 'is content when the policy is gone already, and says so' {
        Remove-SsmAccessPolicy never -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'There is no policy never'
    }

    It 'refuses a name that IAM cannot have' {
        Assert-Error (Get-Failure { Remove-SsmAccessPolicy 'not good' -ErrorAction Stop }) AccessPolicyNameInvalid InvalidArgument 'not good'
    }
}
