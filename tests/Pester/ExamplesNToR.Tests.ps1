. $PSScriptRoot/examples.ps1 -Letters 'N-R'
