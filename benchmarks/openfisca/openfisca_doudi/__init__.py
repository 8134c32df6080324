"""OpenFisca country package for Model City (999900), a fictional city."""

from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_doudi import variables
from openfisca_doudi.entities import ENTITIES


class CountryTaxBenefitSystem(TaxBenefitSystem):
    def __init__(self):
        super().__init__(ENTITIES)
        self.load_parameters(str(Path(__file__).parent / "parameters"))
        self.add_variables(*variables.ALL)
