BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $PSDefaultParameterValues['*:WarningAction'] = 'SilentlyContinue'
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmNetwork' {
    It 'removes what New-SsmNetwork made, and it can be made again' {
        $first = New-SsmNetwork gone
        Remove-SsmNetwork gone -Confirm:$false | Should -BeNullOrEmpty
        (New-SsmNetwork gone).VpcId | Should -Not -Be $first.VpcId
    }

    It 'takes networks from the pipeline and returns them with -PassThru' {
        $made = 'one', 'two' | New-SsmNetwork
        $removed = $made | Remove-SsmNetwork -PassThru -Confirm:$false
        $removed | Should -BeOfType SsmTools.Output.SsmNetwork
        $removed.VpcId | Should -Be $made.VpcId
    }

    It 'names each step with -WhatIf and takes none' {
        $network = New-SsmNetwork kept
        $said = Invoke-Child 'Remove-SsmNetwork kept -WhatIf'
        $said.Output | Should -Match 'What if: .*Delete 2 endpoints'
        $said.Output | Should -Match "What if: .*Delete the VPC.*$($network.VpcId)"
        (New-SsmNetwork kept).VpcId | Should -Be $network.VpcId
    }

    It 'names the instance that lives in it, and removes it when that is gone' {
        $network = New-SsmNetwork used -ZoneCount 1
        $instance = $network | New-SsmInstance -Name tenant
        $failed = Get-Failure { Remove-SsmNetwork used -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed NetworkInUse ResourceBusy used
        "$failed" | Should -Match "$($instance.InstanceId) \(tenant\)"
        $instance | Remove-SsmInstance -Confirm:$false
        Remove-SsmNetwork used -Confirm:$false -ErrorAction Stop
    }

    It 'leaves alone what others made' {
        $failed = Get-Failure { Remove-SsmNetwork sandbox -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed NetworkNotManaged InvalidOperation sandbox
        $failed = Get-Failure { Remove-SsmNetwork '*' -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed NetworkNameInvalid InvalidArgument '*'
    }

    It 'asks where nobody answers, and then removes nothing' {
        $network = New-SsmNetwork asked
        (Invoke-Child 'Remove-SsmNetwork asked').ExitCode | Should -Not -Be 0
        (New-SsmNetwork asked).VpcId | Should -Be $network.VpcId
    }

    It 'completes the networks that were made here' {
        $null = New-SsmNetwork offered
        (Complete 'Remove-SsmNetwork offe').CompletionText | Should -Be 'offered'
        Complete 'Remove-SsmNetwork sandb' | Should -BeNullOrEmpty
    }
}
