BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $WarningPreference = 'SilentlyContinue'
    $instance = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmHostManagement' {
    It 'shows Default Host Management where nothing else is set up' {
        $all = Get-SsmHostManagement
        $all.Task | Should -Be DefaultHostManagement
        $all.Status | Should -Be Off
        (Get-SsmHostManagement -InstanceId web-1).Compliant | Should -BeNullOrEmpty
    }

    It 'shows how a node stands once the tasks have run' {
        $null = Enable-SsmHostManagement
        $until = [datetime]::UtcNow.AddSeconds(30)
        do {
            $node = Get-SsmHostManagement -InstanceId web-1
        } until (($node.Compliant -and $null -ne $node.MissingPatches) -or [datetime]::UtcNow -gt $until)
        $node | Should -BeOfType SsmTools.Output.SsmNodeCompliance
        $node.Name | Should -Be web-1
        $node.AgentUpdate, $node.Inventory, $node.PatchScan | Should -Be 'Success', 'Success', 'Success'
        $node.CloudWatchAgent | Should -BeNullOrEmpty
        $node.MissingPatches | Should -Be 3
        $node.Problem | Should -BeNullOrEmpty
        (Get-SsmHostManagement Default | Where-Object Task -EQ Inventory).Succeeded | Should -Be 1
        $instance | Get-SsmHostManagement | ForEach-Object InstanceId | Should -Be $instance.InstanceId
        (Get-SsmHostManagement -Compliance).InstanceId | Should -Contain $instance.InstanceId
    }

    It 'names what is not there' {
        $failed = Get-Failure { Get-SsmHostManagement nothing -ErrorAction Stop }
        Assert-Error $failed HostManagementNotFound ObjectNotFound nothing
        $failed = Get-Failure { Get-SsmHostManagement -InstanceId nobody -ErrorAction Stop }
        $failed.TargetObject | Should -Be nobody
        Get-SsmHostManagement noth* | Should -BeNullOrEmpty
    }

    It 'fits <_> columns' -ForEach 80, 120 {
        $lines = Get-SsmHostManagement -Compliance | Out-String -Width $_ -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        $lines -join "`n" | Should -Match 'InstanceId +Name +Compliant +AgentUpdate +Inventory +PatchScan'
    }
}
