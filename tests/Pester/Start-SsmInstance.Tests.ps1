BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $web = New-SsmInstanceRole web | New-SsmInstance $subnet -Name web-1
    $db = New-SsmInstance $subnet -InstanceProfileName web -Name db-1
    $null = $web, $db | Test-SsmRegistration -Wait
    $null = Stop-SsmInstance web-1, db-1 -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Start-SsmInstance' {
    It 'says what it would start and what runs already with -WhatIf' {
        (Invoke-Child "Start-SsmInstance *-1 -WhatIf").Output | Should -Match "What if: .*Start the instance.*$($web.InstanceId) \(web-1\), stopped"
        (Get-SsmInstance web-1).State | Should -Be stopped
    }

    It 'starts what a listing returns, of this module or of AWS Tools' {
        $reservation = [pscustomobject]@{ ReservationId = 'r-1'; Instances = @([pscustomobject]@{ InstanceId = $db.InstanceId }) }
        $results = @(Get-SsmInstance web-1 -State stopped; $reservation) | Start-SsmInstance -Wait
        $results.State | Should -Be running, running
        $results.PreviousState | Should -Be stopped, stopped
        $results.Name | Sort-Object | Should -Be db-1, web-1
        $results[0].Duration | Should -BeOfType timespan
    }

    It 'leaves alone what runs' {
        (Start-SsmInstance web-1).Status | Should -Be Unchanged
        (Start-SsmInstance web-1 -WhatIf).Status | Should -Be Unchanged
    }

    It 'brings an instance back to Systems Manager' {
        ($web | Test-SsmRegistration -Wait -Timeout 30).Registered | Should -BeTrue
    }

    It 'shows its results in a table that fits' {
        $table = Start-SsmInstance web-1, db-1 | Out-String -Width 80
        $table | Should -Match 'InstanceId\s+Name\s+PreviousState\s+State\s+Status\s+Duration'
        $table -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
    }
}
